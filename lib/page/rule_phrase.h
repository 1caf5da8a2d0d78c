/*
 * What is wrong with a new password, as a phrase of the catalogue.
 */
#ifndef RULE_PHRASE_H
#define RULE_PHRASE_H

#include "people/password_rules.h"

/* "password.too_short", which needs {{least}}. NULL for PASSWORD_GOOD. */
const char *rule_phrase(enum password_rule rule);

#endif
