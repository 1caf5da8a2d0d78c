/*
 * The rules for a new password (NIST SP 800-63B-4, 3.1.1.2; ASVS 5, 6.2): it is long
 * enough, not easy to guess, and contains neither the user's nor the site's name.
 * There are no rules about kinds of characters.
 */
#ifndef PASSWORD_RULES_H
#define PASSWORD_RULES_H

#include "base/err.h"
#include "base/str.h"

enum password_rule {
	PASSWORD_GOOD = 0,
	PASSWORD_NOT_TEXT,    /* empty, NUL, not UTF-8 */
	PASSWORD_TOO_SHORT,   /* fewer characters than the setting demands */
	PASSWORD_TOO_LONG,    /* more than PASSWORD_MAX bytes */
	PASSWORD_HAS_NAME,    /* contains the user's name */
	PASSWORD_HAS_SITE,    /* contains the site's name */
	PASSWORD_IS_GUESSABLE /* zxcvbn says that few tries would find it */
};

/* `least` is the setting password_min_length, in characters. */
enum password_rule password_rules_check(struct str password, size_t least,
					struct str user, struct str site);

/* An English sentence for a person, without the password. */
const char *password_rules_text(enum password_rule rule);

#endif
