/*
 * The power to verify access tokens: the guard with the settings' keys and issuers.
 * NULL if the program does not name power_verify.
 */
#ifndef POWER_VERIFY_H
#define POWER_VERIFY_H

#include "serve/app.h"

struct guard; /* token/guard.h */

struct guard *app_guard(const struct app *app);

#endif
