/*
 * Users from elsewhere, in the forms in which other software writes them. A source takes
 * a text apart and hands over one user after the other. It judges neither names nor
 * hashes; whoever takes the users does.
 *
 *   jsonl      a JSON object a line
 *   csv        a header line that names the columns, then a user a row (csv.h)
 *   htpasswd   NAME:HASH a line (htpasswd(1)); # begins a comment
 *   wordpress  wp_users of a database dump, or what `wp user list --format=csv` writes
 *   django     what `manage.py dumpdata auth` writes
 *   glewlwyd   the tables g_user… of a database dump
 */
#ifndef IMPORT_H
#define IMPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/str.h"

#define IMPORT_ROLES_MAX 64
#define IMPORT_TEXT_MAX 60000 /* bytes of one user */

/* One user. The texts are borrowed until the call that hands them over returns. */
struct import_user {
	size_t line; /* of the text, where the user begins */
	struct str name, address, display_name, hash;
	struct str roles[IMPORT_ROLES_MAX];
	size_t n_roles;
	bool disabled;
	bool unverified; /* the source says that nobody has verified the address */
};

/* Who takes them. Each function returns false to stop. */
struct import_taker {
	bool (*take)(void *context, const struct import_user *user);
	/* What is no user. `name` may be empty. The reason never shows a value. */
	bool (*refuse)(void *context, size_t line, struct str name, const char *reason);
	void *context;
};

struct import_source {
	const char *name;
	/*
	 * Hand over all users in `text`. ERR_SYNTAX with `why`: the text as a whole is not
	 * of that form. ERR_OK also when the taker stopped.
	 */
	enum err (*read)(struct str text, const struct import_taker *taker,
			 struct why *why);
};

/* NULL: there is none of that name. */
const struct import_source *import_find(struct str name);

/* The names of all, for a complaint: "jsonl, csv, …". */
extern const char import_names[];

#endif
