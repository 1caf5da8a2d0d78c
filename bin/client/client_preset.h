/* Programs that are known by name: what `client add --for PROGRAM` registers. */
#ifndef CLIENT_PRESET_H
#define CLIENT_PRESET_H

#include "base/buf.h"
#include "client/client_row.h"

#define CLIENT_PRESET_URLS 3

struct client_preset {
	const char
		*program; /* the word after --for; the first member, for text_nearest */
	const char *name;
	enum client_method method;
	unsigned scopes;
	bool id_token_claims;
	/* below the address of the program; NULL ends a list */
	const char *redirects[CLIENT_PRESET_URLS];
	const char *logouts[CLIENT_PRESET_URLS];
};

/* NULL for a word that is none of them. */
const struct client_preset *client_preset_find(const char *program);

/* The one that may have been meant, or NULL. */
const char *client_preset_near(const char *program);

/* The names of all, with ", " between them. */
bool client_preset_names(struct buf *out);

#endif
