/*
 * glewlwyd 2: its tables g_user, g_user_password (since 2.5; before, a column of g_user),
 * g_user_scope and g_user_scope_user. Scopes become roles.
 *
 * In SQLite a password is the base64 of PBKDF2-HMAC-SHA-256 (32 bytes) and its salt (16
 * bytes), and since 2.5.3 a comma and the iterations; there were 1000 before. It is
 * written here in the form that Django uses for the same function. PostgreSQL has
 * crypt(3)'s bcrypt, which is kept. MariaDB's PASSWORD() is none that is taken.
 */
#include <string.h>

#include "foreign/base64.h"
#include "import/import_map.h"
#include "import/import_parts.h"
#include "import/sql_dump.h"

#define HASH_SIZE 32
#define SALT_SIZE 16
#define ITERATIONS_BEFORE STR("1000")

struct dump {
	const struct import_taker *taker;
	struct import_map passwords; /* of a user's id */
	struct import_map scopes;    /* names, of a scope's id */
	struct import_map has;       /* ids of scopes, of a user's id */
	struct buf hash;
};

/* ---- what belongs to a user ---- */

static void
note(struct import_map *map, const struct sql_dump_row *row)
{
	int64_t id;

	if (row->wrong == NULL && !row->null[1] &&
	    str_to_int(row->values[0], 0, INT64_MAX, &id))
		import_map_add(map, id, row->values[1]);
}

static bool
take_password(void *context, const struct sql_dump_row *row)
{
	note(&((struct dump *)context)->passwords, row);
	return true;
}

static bool
take_scope(void *context, const struct sql_dump_row *row)
{
	note(&((struct dump *)context)->scopes, row);
	return true;
}

static bool
take_has(void *context, const struct sql_dump_row *row)
{
	note(&((struct dump *)context)->has, row);
	return true;
}

static bool
take_roles(struct dump *d, int64_t id, struct import_user *user)
{
	struct str scope, name;
	int64_t number;

	for (size_t i = 0; import_map_get(&d->has, id, i, &scope); i++) {
		if (!str_to_int(scope, 0, INT64_MAX, &number) ||
		    !import_map_get(&d->scopes, number, 0, &name))
			continue;
		if (user->n_roles == IMPORT_ROLES_MAX)
			return false;
		user->roles[user->n_roles++] = name;
	}
	return true;
}

/* ---- the password ---- */

static bool
is_plain(struct str salt)
{
	for (size_t i = 0; i < salt.n; i++)
		if (salt.p[i] <= ' ' || salt.p[i] > '~' || salt.p[i] == '$')
			return false;
	return true;
}

/* What is not as glewlwyd writes it for SQLite is kept as it is, to be judged later. */
static struct str
standard(struct buf *out, struct str password)
{
	struct str rest = password, text = str_cut(&rest, ',');
	struct str iterations = rest.n > 0 ? rest : ITERATIONS_BEFORE;
	unsigned char bytes[HASH_SIZE + SALT_SIZE];
	struct str salt = { (const char *)bytes + HASH_SIZE, SALT_SIZE };
	size_t n = 0;

	if (!base64_decode_to(bytes, sizeof(bytes), &n, text) || n != sizeof(bytes) ||
	    !is_plain(salt))
		return password;
	buf_clear(out);
	buf_addz(out, "pbkdf2_sha256$");
	buf_add(out, iterations);
	buf_addc(out, '$');
	buf_add(out, salt);
	buf_addc(out, '$');
	base64_encode(out, (struct str){ (const char *)bytes, HASH_SIZE });
	return buf_str(out);
}

/* ---- users ---- */

static bool
take_user(void *context, const struct sql_dump_row *row)
{
	struct dump *d = context;
	struct import_user user = { .line = row->line,
				    .name = row->values[1],
				    .display_name = row->values[2],
				    .address = row->values[3],
				    .disabled = str_is(row->values[4], "0") };
	struct str password = row->values[5];
	const char *wrong = row->wrong;
	int64_t id = 0;

	if (wrong == NULL && !str_to_int(row->values[0], 0, INT64_MAX, &id))
		wrong = "its id is no number";
	if (wrong == NULL && !take_roles(d, id, &user))
		wrong = "too many scopes";
	if (wrong != NULL)
		return d->taker->refuse(d->taker->context, row->line, user.name, wrong);
	import_map_get(&d->passwords, id, 0, &password);
	user.hash = standard(&d->hash, password);
	return import_give(d->taker, &user);
}

static const struct sql_dump_table first[] = {
	{ "g_user_password", false, { "gu_id", "guw_password", NULL }, take_password },
	{ "g_user_scope", false, { "gus_id", "gus_name", NULL }, take_scope },
	{ "g_user_scope_user", false, { "gu_id", "gus_id", NULL }, take_has },
	{ .name = NULL },
};

static const struct sql_dump_table then[] = {
	{ "g_user",
	  false,
	  { "gu_id", "gu_username", "gu_name", "gu_email", "gu_enabled", "?gu_password",
	    NULL },
	  take_user },
	{ .name = NULL },
};

enum err
import_glewlwyd(struct str text, const struct import_taker *taker, struct why *why)
{
	struct dump d = { .taker = taker };
	bool found = false;
	enum err e;

	buf_init(&d.hash, 256);
	import_map_init(&d.passwords);
	import_map_init(&d.scopes);
	import_map_init(&d.has);
	e = sql_dump_read(text, first, &d, &found, why);
	if (e == ERR_OK && (d.passwords.failed || d.scopes.failed || d.has.failed))
		e = why_set(why, ERR_MEMORY, "no memory for passwords and scopes");
	if (e == ERR_OK)
		e = sql_dump_read(text, then, &d, &found, why);
	if (e == ERR_OK && !found)
		e = why_set(why, ERR_SYNTAX,
			    "there are no rows of glewlwyd's table g_user in it");
	import_map_done(&d.passwords);
	import_map_done(&d.scopes);
	import_map_done(&d.has);
	buf_done(&d.hash);
	return e;
}
