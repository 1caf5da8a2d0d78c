/* What the sources have in common. */
#include <string.h>

#include "import/import_parts.h"

bool
import_roles(struct import_user *user, struct str words)
{
	size_t n;

	for (; words.n > 0; words = str_sub(words, n + 1, words.n)) {
		for (n = 0; n < words.n && strchr(" ,;\t", words.p[n]) == NULL; n++)
			continue;
		if (n == 0)
			continue;
		if (user->n_roles == IMPORT_ROLES_MAX)
			return false;
		user->roles[user->n_roles++] = str_sub(words, 0, n);
	}
	return true;
}

static bool
is_text(struct str s)
{
	return s.n == 0 || (s.n <= IMPORT_TEXT_MAX && memchr(s.p, '\0', s.n) == NULL &&
			    str_is_utf8(s));
}

bool
import_is_text(const struct import_user *user)
{
	bool good = is_text(user->name) && is_text(user->address) &&
		    is_text(user->display_name) && is_text(user->hash);

	for (size_t i = 0; i < user->n_roles; i++)
		good = good && is_text(user->roles[i]);
	return good;
}

bool
import_give(const struct import_taker *taker, const struct import_user *user)
{
	if (import_is_text(user))
		return taker->take(taker->context, user);
	return taker->refuse(taker->context, user->line, STR(""),
			     "it is not UTF-8 text, or far too long");
}
