#include "client/client_scope.h"

static const char *const words[CLIENT_SCOPES] = { "openid", "profile", "email", "groups",
						  "offline_access" };

const char *
client_scope_word(size_t number)
{
	return number < CLIENT_SCOPES ? words[number] : "";
}

static unsigned
scope_of(struct str word)
{
	for (size_t i = 0; i < CLIENT_SCOPES; i++)
		if (str_is(word, words[i]))
			return 1u << i;
	return 0;
}

bool
client_scope_read_all(struct str list, unsigned *scopes, struct str *unknown)
{
	*scopes = 0;
	*unknown = (struct str){ NULL, 0 };
	while (list.n > 0) {
		struct str word = str_cut(&list, ' ');
		unsigned scope = scope_of(word);

		if (word.n > 0 && scope == 0 && unknown->n == 0)
			*unknown = word;
		*scopes |= scope;
	}
	return unknown->n == 0;
}

unsigned
client_scope_read(struct str list)
{
	struct str unknown;
	unsigned scopes;

	client_scope_read_all(list, &scopes, &unknown);
	return scopes;
}

bool
client_scope_add(struct buf *out, unsigned scopes)
{
	const char *between = "";

	for (size_t i = 0; i < CLIENT_SCOPES; i++) {
		if ((scopes & 1u << i) == 0)
			continue;
		buf_addz(out, between);
		buf_addz(out, words[i]);
		between = " ";
	}
	return !out->failed;
}
