/* Whether the settings fit the factors that people have: their keys, and the site's name. */
#include "bin/command.h"
#include "bin/config/config_files.h"
#include "config/roles/db_roles.h"
#include "factor/factor_keys.h"
#include "store/factor/factors.h"

static bool
has_key(const struct factor_keys *keys, struct str id)
{
	struct str other;

	for (size_t i = 0; (other = factor_keys_id(keys, i)).n > 0; i++)
		if (str_eq(other, id))
			return true;
	return false;
}

/* Codes that nobody can check: who has only such an app cannot log in. */
static void
check_key(const struct config *c, const struct factor_keys *keys, struct str id,
	  int64_t count, struct buf *problems)
{
	if (keys != NULL ? has_key(keys, id) : c->factor_keys != NULL)
		return; /* or the keys cannot be read, which is a problem of its own */
	buf_addf(problems,
		 "%s: factor_keys: %lld app%s for one-time codes need%s the key %.*s, "
		 "which is not there; put it back, or take the apps away with `doorward "
		 "user factor reset NAME`\n",
		 c->file, (long long)count, command_plural(count), count == 1 ? "s" : "",
		 STR_ARG(id));
}

static void
check_rp_id(const struct config *c, struct str id, int64_t count, struct buf *notes)
{
	if (c->passkey_rp_id == NULL || str_is(id, c->passkey_rp_id))
		return;
	buf_addf(notes,
		 "%lld passkey%s for %.*s cannot be used, because passkey_rp_id is %s\n",
		 (long long)count, command_plural(count), STR_ARG(id), c->passkey_rp_id);
}

void
config_check_factors(const struct config *c, struct buf *problems, struct buf *notes)
{
	const char *conninfo = db_role_conninfo(c, DB_ROLE_ADMIN);
	struct factor_keys *keys = NULL;
	struct db_rows *rows = NULL;
	struct db *db = NULL;
	struct why why;

	if (conninfo == NULL ||
	    db_open(&db, conninfo, "doorward config", &embedded_schema, &why) != ERR_OK ||
	    factors_count(db, &rows, &why) != ERR_OK)
		goto out; /* config_check_database has said so */
	if (c->factor_keys != NULL)
		factor_keys_open(c->factor_keys, &keys, &why);
	for (size_t i = 0; i < db_count(rows); i++) {
		struct str of = db_str(rows, i, 1);
		int64_t count = db_int(rows, i, 2);

		if (str_is(db_str(rows, i, 0), "totp"))
			check_key(c, keys, of, count, problems);
		else
			check_rp_id(c, of, count, notes);
	}
out:
	factor_keys_close(keys);
	db_rows_free(rows);
	db_close(db);
}
