/*
 * doorward user export: all users as JSON lines or CSV, in the form that import reads.
 */
#include <string.h>

#include "bin/db/database.h"
#include "bin/db/trail.h"
#include "bin/user/user.h"
#include "import/csv.h"
#include "store/imports.h"
#include "json/json.h"

#define USERS 1000 /* that are read at once */
#define LINE_MAX_BYTES 65536

/* Columns of imports_list. */
enum { ID, NAME, ADDRESS, VERIFIED, DISPLAY_NAME, ROLES, DISABLED, CREATED, LOGIN, KEY };

struct export
{
	bool csv, hashes;
	const struct db_rows *rows, *of_hashes;
	size_t found; /* the row of of_hashes that was found last */
	struct buf out;
};

/* The hash of the user in `row`. Empty: none, or the user is gone since. */
static struct str
hash_of(struct export *x, size_t row)
{
	size_t n = x->of_hashes == NULL ? 0 : db_count(x->of_hashes);

	for (size_t i = 0; i < n; i++) {
		size_t at = (x->found + i) % n;

		if (str_eq(db_str(x->of_hashes, at, 0), db_str(x->rows, row, ID))) {
			x->found = at;
			return db_str(x->of_hashes, at, 1);
		}
	}
	return STR("");
}

/* ---- JSON lines ---- */

static void
put_text(struct buf *out, const char *name, struct str text)
{
	if (text.n > 0)
		json_put_member(out, name, text);
}

static void
put_time(const struct export *x, struct buf *out, const char *name, size_t row,
	 int column)
{
	if (!db_is_null(x->rows, row, column))
		json_put_member_int(out, name, db_int(x->rows, row, column));
}

static void
put_object(struct export *x, struct buf *out, size_t row)
{
	struct str roles = db_str(x->rows, row, ROLES);

	json_put_open(out, '{');
	json_put_member(out, "name", db_str(x->rows, row, NAME));
	put_text(out, "address", db_str(x->rows, row, ADDRESS));
	if (!db_is_null(x->rows, row, ADDRESS))
		json_put_member_bool(out, "verified", db_bool(x->rows, row, VERIFIED));
	put_text(out, "display_name", db_str(x->rows, row, DISPLAY_NAME));
	json_put_name(out, "roles");
	json_put_open(out, '[');
	while (roles.n > 0)
		json_put_str(out, str_cut(&roles, ' '));
	json_put_close(out, ']');
	json_put_member_bool(out, "disabled", db_bool(x->rows, row, DISABLED));
	put_text(out, "password_hash", hash_of(x, row));
	json_put_member(out, "id", db_str(x->rows, row, ID));
	put_time(x, out, "created_at", row, CREATED);
	put_time(x, out, "last_login_at", row, LOGIN);
	json_put_close(out, '}');
}

static void
put_json(struct export *x, size_t row)
{
	struct buf line;

	buf_init(&line, LINE_MAX_BYTES);
	put_object(x, &line, row);
	x->out.failed = x->out.failed || line.failed;
	buf_add(&x->out, buf_str(&line));
	buf_addc(&x->out, '\n');
	buf_done(&line);
}

/* ---- CSV ---- */

static void
put_header(struct export *x)
{
	buf_addz(&x->out, "name,address,display_name,roles,verified,disabled,");
	if (x->hashes)
		buf_addz(&x->out, "password_hash,");
	buf_addz(&x->out, "id,created_at,last_login_at");
	csv_put_end(&x->out);
}

static struct str
yes_or_no(bool yes)
{
	return yes ? STR("true") : STR("false");
}

static void
put_row(struct export *x, size_t row)
{
	const struct db_rows *rows = x->rows;
	struct buf *out = &x->out;

	csv_put(out, db_str(rows, row, NAME), true);
	csv_put(out, db_str(rows, row, ADDRESS), false);
	csv_put(out, db_str(rows, row, DISPLAY_NAME), false);
	csv_put(out, db_str(rows, row, ROLES), false);
	csv_put(out,
		db_is_null(rows, row, ADDRESS) ? STR("")
					       : yes_or_no(db_bool(rows, row, VERIFIED)),
		false);
	csv_put(out, yes_or_no(db_bool(rows, row, DISABLED)), false);
	if (x->hashes)
		csv_put(out, hash_of(x, row), false);
	csv_put(out, db_str(rows, row, ID), false);
	csv_put(out, db_str(rows, row, CREATED), false);
	csv_put(out, db_str(rows, row, LOGIN), false);
	csv_put_end(out);
}

/* ---- all of them ---- */

static bool
put_rows(struct export *x)
{
	bool good;

	x->found = 0;
	for (size_t i = 0; i < db_count(x->rows); i++) {
		if (x->csv)
			put_row(x, i);
		else
			put_json(x, i);
	}
	good = database_write(&x->out);
	buf_clear(&x->out);
	return good;
}

/* Some users after `*after`, which becomes the last of them. `*n`: how many. */
static enum err
put_some(struct database *d, struct export *x, struct buf *after, size_t *n,
	 struct why *why)
{
	struct db_rows *rows = NULL, *hashes = NULL;
	enum err e = imports_list(d->db, buf_str(after), USERS, &rows, why);

	*n = 0;
	if (e == ERR_OK && x->hashes)
		e = imports_list_hashes(d->db, buf_str(after), USERS, &hashes, why);
	if (e == ERR_OK) {
		*n = db_count(rows);
		x->rows = rows;
		x->of_hashes = hashes;
		if (!put_rows(x))
			e = ERR_IO;
	}
	if (*n > 0) {
		buf_clear(after);
		buf_add(after, db_str(rows, *n - 1, KEY));
	}
	db_rows_free(rows);
	db_rows_free(hashes);
	return e;
}

static int
put_all(struct database *d, struct export *x)
{
	struct why why = { "" };
	enum err e = ERR_OK;
	struct buf after;
	size_t n = USERS;

	buf_init(&after, 4096);
	buf_init(&x->out, DATABASE_OUT_MAX);
	if (x->csv)
		put_header(x);
	do
		e = put_some(d, x, &after, &n, &why);
	while (e == ERR_OK && n == USERS);
	buf_done(&after);
	buf_done(&x->out);
	return e == ERR_IO ? COMMAND_FAILED : database_result(e, &why);
}

/* What is given away is recorded before. */
static bool
record(struct database *d, const struct export *x)
{
	struct trail t;
	bool good;

	trail_init(&t, "users_exported", &d->config);
	trail_put(&t, "to", x->csv ? STR("csv") : STR("jsonl"));
	trail_put(&t, "password_hashes", x->hashes ? STR("yes") : STR("no"));
	good = trail_first(&t);
	trail_done(&t);
	return good;
}

int
user_export(int argc, char **argv)
{
	const char *to = NULL;
	struct export x = { .csv = false };
	const struct command_option options[] = {
		{ "to", .value = &to }, { "password-hashes", .flag = &x.hashes }, { NULL }
	};
	int result = COMMAND_FAILED;
	struct database d;

	if (!command_options(&argc, argv, options) || argc != 1)
		return COMMAND_MISUSED;
	x.csv = to != NULL && strcmp(to, "csv") == 0;
	if (to != NULL && !x.csv && strcmp(to, "jsonl") != 0)
		return command_fail("--to %s: jsonl or csv is wanted", to);
	if (!database_open(&d, false))
		return COMMAND_FAILED;
	if (record(&d, &x))
		result = put_all(&d, &x);
	database_close(&d);
	return result;
}
