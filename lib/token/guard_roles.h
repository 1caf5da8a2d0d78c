/*
 * The roles that a verified token gives. Only guard*.c and its tests include this.
 */
#ifndef GUARD_ROLES_H
#define GUARD_ROLES_H

#include "token/guard.h"

/*
 * Set who.roles from the claims. Our own roles count as they are. The roles of another
 * issuer are an array of strings, or a string of words like `scope`. Only those count
 * that its role_map turns into one of ours.
 */
void guard_roles(const struct guard_issuer *issuer, struct verified *verified);

#endif
