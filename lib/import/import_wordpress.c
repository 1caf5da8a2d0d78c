/*
 * WordPress: a dump of its database (`wp db export`, mysqldump, phpMyAdmin), or the CSV
 * that `wp user list` writes. Roles are in wp_usermeta, as PHP serializes an array.
 */
#include <string.h>

#include "import/import_columns.h"
#include "import/import_map.h"
#include "import/import_parts.h"
#include "import/sql_dump.h"

struct dump {
	const struct import_taker *taker;
	struct import_map roles; /* of an id */
};

/* ---- CSV ---- */

/* WordPress may have written other columns of the user, too. */
static const struct import_column columns[] = {
	{ "user_login", IMPORT_NAME },
	{ "user_email", IMPORT_ADDRESS },
	{ "display_name", IMPORT_DISPLAY_NAME },
	{ "roles", IMPORT_ROLES },
	{ "user_pass", IMPORT_HASH },
	{ NULL, IMPORT_UNUSED },
};

static bool
is_csv(struct str text)
{
	struct str first = str_cut(&text, '\n');

	return memmem(first.p, first.n, "user_login", strlen("user_login")) != NULL &&
	       memmem(first.p, first.n, "INSERT", strlen("INSERT")) == NULL &&
	       memmem(first.p, first.n, "CREATE", strlen("CREATE")) == NULL;
}

/* ---- the dump ---- */

/* a:1:{s:6:"editor";b:1;}: the strings that are followed by true, as words. */
static void
take_roles(struct import_map *roles, int64_t id, struct str array)
{
	while (array.n > 0) {
		struct str word;

		str_cut(&array, '"');
		word = str_cut(&array, '"');
		if (word.n > 0 && str_starts_with(array, STR(";b:1;")))
			import_map_add(roles, id, word);
	}
}

/* wp_usermeta belongs to wp_capabilities: the prefix is the same. */
static bool
is_capabilities(struct str table, struct str key)
{
	struct str prefix = str_sub(table, 0, table.n - strlen("usermeta"));

	return str_starts_with(key, prefix) &&
	       str_is(str_sub(key, prefix.n, key.n), "capabilities");
}

static bool
take_meta(void *context, const struct sql_dump_row *row)
{
	struct dump *d = context;
	int64_t id;

	if (row->wrong == NULL && is_capabilities(row->table, row->values[1]) &&
	    str_to_int(row->values[0], 0, INT64_MAX, &id))
		take_roles(&d->roles, id, row->values[2]);
	return true;
}

static bool
take_user(void *context, const struct sql_dump_row *row)
{
	struct dump *d = context;
	struct import_user user = { .line = row->line,
				    .name = row->values[1],
				    .hash = row->values[2],
				    .address = row->values[3],
				    .display_name = row->values[4] };
	struct str role;
	int64_t id;

	if (row->wrong != NULL)
		return d->taker->refuse(d->taker->context, row->line, STR(""),
					row->wrong);
	if (str_to_int(row->values[0], 0, INT64_MAX, &id))
		while (user.n_roles < IMPORT_ROLES_MAX &&
		       import_map_get(&d->roles, id, user.n_roles, &role))
			user.roles[user.n_roles++] = role;
	return import_give(d->taker, &user);
}

/* mysqldump writes wp_usermeta before wp_users, others may not: so it is read first. */
static enum err
read_dump(struct str text, struct dump *d, struct why *why)
{
	static const struct sql_dump_table meta[] = {
		{ "usermeta",
		  true,
		  { "user_id", "meta_key", "meta_value", NULL },
		  take_meta },
		{ .name = NULL },
	};
	static const struct sql_dump_table users[] = {
		{ "users",
		  true,
		  { "ID", "user_login", "user_pass", "user_email", "display_name", NULL },
		  take_user },
		{ .name = NULL },
	};
	bool found = false;
	enum err e = sql_dump_read(text, meta, d, &found, why);

	if (e == ERR_OK && d->roles.failed)
		e = why_set(why, ERR_MEMORY, "no memory for the roles");
	if (e == ERR_OK)
		e = sql_dump_read(text, users, d, &found, why);
	if (e == ERR_OK && !found)
		e = why_set(why, ERR_SYNTAX,
			    "there are no rows of WordPress' table users in it");
	return e;
}

enum err
import_wordpress(struct str text, const struct import_taker *taker, struct why *why)
{
	struct dump d = { .taker = taker };
	enum err e;

	if (is_csv(text))
		return import_columns(text, columns, true, taker, why);
	import_map_init(&d.roles);
	e = read_dump(text, &d, why);
	import_map_done(&d.roles);
	return e;
}
