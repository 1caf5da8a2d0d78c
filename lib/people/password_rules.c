#include "people/password_rules.h"

#include <stdlib.h>
#include <string.h>
#include <zxcvbn.h>

#include "crypto/secret.h"
#include "people/password.h"

#define NAME_LEAST 3      /* shorter names occur in good passwords by chance */
#define RATED_MAX 128     /* bytes that zxcvbn may see, because its time grows fast */
#define BITS_LEAST 26.575 /* log2 of 10^8 guesses: zxcvbn's score 3 */

static size_t
count_characters(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
	return n;
}

static bool
contains(struct str s, struct str part)
{
	if (part.n < NAME_LEAST)
		return false;
	for (size_t i = 0; i + part.n <= s.n; i++)
		if (str_eq_nocase(str_sub(s, i, part.n), part))
			return true;
	return false;
}

static bool
is_guessable(struct str password, struct str user, struct str site)
{
	char *text = str_dup(str_sub(password, 0, RATED_MAX));
	char *words[] = { str_dup(user), str_dup(site) };
	const char *dictionary[3] = { NULL };
	double bits = 0;
	size_t n = 0;

	for (size_t i = 0; i < 2; i++)
		if (words[i] != NULL && *words[i] != '\0')
			dictionary[n++] = words[i];
	if (text != NULL) {
		bits = ZxcvbnMatch(text, dictionary, NULL);
		secret_wipe(text, strlen(text));
	}
	free(text);
	free(words[0]);
	free(words[1]);
	return bits < BITS_LEAST;
}

enum password_rule
password_rules_check(struct str password, size_t least, struct str user, struct str site)
{
	struct str rest = user, local_part = str_cut(&rest, '@'); /* of an address */

	if (password.n > PASSWORD_MAX)
		return PASSWORD_TOO_LONG;
	if (!password_is_text(password))
		return PASSWORD_NOT_TEXT;
	if (count_characters(password) < least)
		return PASSWORD_TOO_SHORT;
	if (contains(password, user) || contains(password, local_part))
		return PASSWORD_HAS_NAME;
	if (contains(password, site))
		return PASSWORD_HAS_SITE;
	return is_guessable(password, user, site) ? PASSWORD_IS_GUESSABLE : PASSWORD_GOOD;
}

const char *
password_rules_text(enum password_rule rule)
{
	static const char *const texts[] = {
		[PASSWORD_GOOD] = "This password will do.",
		[PASSWORD_NOT_TEXT] = "A password is text, and not empty.",
		[PASSWORD_TOO_SHORT] =
			"This password is too short. A few words in a row make "
			"a long one that is easy to remember.",
		[PASSWORD_TOO_LONG] = "This password is over 1024 bytes long.",
		[PASSWORD_HAS_NAME] = "This password contains the user name.",
		[PASSWORD_HAS_SITE] = "This password contains the name of the site.",
		[PASSWORD_IS_GUESSABLE] =
			"This password is easy to guess: it is common, or "
			"made of a pattern. A few unrelated words are better.",
	};

	return (size_t)rule < sizeof(texts) / sizeof(*texts) ? texts[rule] : "";
}
