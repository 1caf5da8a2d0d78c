#include "page/rule_phrase.h"

#include <stdbool.h>
#include <stddef.h>

const char *
rule_phrase(enum password_rule rule)
{
	static const char *const phrases[] = {
		[PASSWORD_GOOD] = NULL,
		[PASSWORD_NOT_TEXT] = "password.not_text",
		[PASSWORD_TOO_SHORT] = "password.too_short",
		[PASSWORD_TOO_LONG] = "password.too_long",
		[PASSWORD_HAS_NAME] = "password.has_name",
		[PASSWORD_HAS_SITE] = "password.has_site",
		[PASSWORD_IS_GUESSABLE] = "password.guessable",
	};
	bool known = (size_t)rule < sizeof(phrases) / sizeof(*phrases);

	return known ? phrases[rule] : "password.not_text";
}
