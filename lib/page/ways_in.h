/*
 * What a site offers to people who are not signed in, according to its settings. The
 * login page has links to it, and account answers it. There is no page for what is not
 * offered.
 */
#ifndef WAYS_IN_H
#define WAYS_IN_H

#include <stdbool.h>

struct config; /* config/config.h */

/* /account/forgot: mails can be sent. */
bool ways_in_forgot(const struct config *config);

/* /account/register: anyone may ask for an account, and mails can be sent. */
bool ways_in_register(const struct config *config);

/* Invitations: registration is not closed. */
bool ways_in_invited(const struct config *config);

#endif
