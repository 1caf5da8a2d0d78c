/*
 * What a site offers to who is not signed in, by its settings: the login page links it, and
 * account answers it. What is not offered is no page at all.
 */
#ifndef WAYS_IN_H
#define WAYS_IN_H

#include <stdbool.h>

struct config; /* config/config.h */

/* /account/forgot: mails can be sent. */
bool ways_in_forgot(const struct config *config);

/* /account/register: anyone may ask to come in, and mails can be sent. */
bool ways_in_register(const struct config *config);

/* Invitations: registration is not closed. */
bool ways_in_invited(const struct config *config);

#endif
