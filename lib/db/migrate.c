#include "db/migrate.h"

#include <string.h>

#include "base/embedded.h"
#include "base/text.h"
#include "crypto/hash.h"

/* Two runs at once wait for one another. The number is arbitrary and ours. */
static const char begin_sql[] =
	"begin; set local statement_timeout = 0; set local lock_timeout = '30s';"
	" set local search_path = pg_catalog;"
	" select pg_advisory_xact_lock(7236837543)";

/* The host may have made the schema for us and allow us no other. */
static const char table_sql[] =
	"do $$ begin if to_regnamespace('doorward') is null then create schema doorward;"
	" end if; end $$;"
	" create table if not exists doorward.schema_migrations ("
	" number integer primary key, name text not null, sha256 text not null,"
	" applied_at timestamptz not null default clock_timestamp())";

/* NNN_noun.sql; 0 when it is not of that form. */
static int
file_number(const struct embedded *file)
{
	struct str rest = str_of(file->name), digits = str_cut(&rest, '_');
	int n = 0;

	for (size_t i = 0; i < digits.n; i++) {
		if (digits.p[i] < '0' || digits.p[i] > '9')
			return 0;
		n = n * 10 + (digits.p[i] - '0');
	}
	return digits.n == 3 && str_ends_with(rest, STR(".sql")) ? n : 0;
}

int
migrate_newest(void)
{
	int newest = 0;

	for (const struct embedded *f = embedded_sql; f->name != NULL; f++)
		newest = file_number(f) > newest ? file_number(f) : newest;
	return newest;
}

static enum err
checksum(const struct embedded *file, char hex[2 * SHA256_SIZE + 1])
{
	unsigned char sum[SHA256_SIZE];
	struct buf text;
	enum err e = sha256(file->bytes, sum);

	hex[0] = '\0';
	buf_init(&text, 2 * SHA256_SIZE);
	if (e == ERR_OK && !text_add_hex(&text, (struct str){ (char *)sum, sizeof(sum) }))
		e = ERR_MEMORY;
	if (e == ERR_OK)
		memcpy(hex, buf_z(&text), 2 * SHA256_SIZE + 1);
	buf_done(&text);
	return e;
}

/* The database must know nothing that we do not. */
static enum err
check_known(struct db *raw, struct why *why)
{
	struct db_rows *rows;
	enum err e = migrate_list(raw, &rows, why);
	size_t n = 0;

	if (e != ERR_OK)
		return e;
	for (const struct embedded *f = embedded_sql; e == ERR_OK && f->name != NULL;
	     f++, n++) {
		char hex[2 * SHA256_SIZE + 1];

		if (n == db_count(rows))
			break;
		e = checksum(f, hex);
		if (e == ERR_OK && (db_int(rows, n, 0) != file_number(f) ||
				    !str_is(db_str(rows, n, 2), hex)))
			e = why_set(
				why, ERR_SCHEMA,
				"migration %.*s of the database is not the %s of this "
				"version of doorward",
				STR_ARG(db_str(rows, n, 1)), f->name);
	}
	if (e == ERR_OK && n < db_count(rows))
		e = why_set(
			why, ERR_SCHEMA,
			"the database is at migration %d and this version of doorward "
			"knows %d: use the newer one",
			(int)db_int(rows, db_count(rows) - 1, 0), migrate_newest());
	db_rows_free(rows);
	return e;
}

static enum err
run(struct db *raw, const char *sql, struct why *why)
{
	return db_query(raw, sql, NULL, NULL, why);
}

static enum err
record(struct db *raw, const struct embedded *file, struct why *why)
{
	char hex[2 * SHA256_SIZE + 1];
	struct db_args a;
	enum err e = checksum(file, hex);

	if (e != ERR_OK)
		return e;
	db_args_init(&a);
	db_arg_int(&a, file_number(file));
	db_arg_text(&a, str_of(file->name));
	db_arg_text(&a, str_of(hex));
	return db_query(raw,
			"insert into doorward.schema_migrations (number, name, sha256)"
			" values ($1, $2, $3)",
			&a, NULL, why);
}

/* One migration under the lock; another run may have applied it meanwhile. */
static enum err
apply(struct db *raw, const struct embedded *file, bool *applied, struct why *why)
{
	int number;
	enum err e;

	*applied = false;
	if ((e = run(raw, begin_sql, why)) != ERR_OK)
		goto out;
	if ((e = migrate_number(raw, &number, why)) != ERR_OK)
		goto out;
	if (number < file_number(file)) {
		if ((e = run(raw, file->bytes.p, why)) != ERR_OK)
			goto out;
		if ((e = record(raw, file, why)) != ERR_OK)
			goto out;
		*applied = true;
	}
	e = run(raw, *applied ? "select doorward.open_doors(); commit" : "commit", why);
out:
	if (e != ERR_OK) {
		struct why inner = *why;

		run(raw, "rollback", NULL);
		why_set(why, e, "%s: %.400s", file->name, inner.text);
	}
	return e;
}

static enum err
check_encoding(struct db *raw, struct why *why)
{
	struct db_rows *rows;
	enum err e = db_query_row(raw, "show server_encoding", NULL, &rows, why);

	if (e != ERR_OK)
		return e;
	if (!str_is(db_str(rows, 0, 0), "UTF8"))
		e = why_set(
			why, ERR_UNSUPPORTED,
			"the database has encoding %.*s: create it with encoding UTF8",
			STR_ARG(db_str(rows, 0, 0)));
	db_rows_free(rows);
	return e;
}

/* One statement under the lock. */
static enum err
run_locked(struct db *raw, const char *sql, struct why *why)
{
	enum err e = run(raw, begin_sql, why);

	if (e != ERR_OK)
		return e;
	e = run(raw, sql, why);
	if (e == ERR_OK)
		return run(raw, "commit", why);
	run(raw, "rollback", NULL);
	return e;
}

enum err
migrate_run(struct db *raw, void (*done)(int number, const char *name), struct why *why)
{
	enum err e = check_encoding(raw, why);

	if (e == ERR_OK)
		e = run_locked(raw, table_sql, why);
	if (e == ERR_OK)
		e = check_known(raw, why);
	for (const struct embedded *f = embedded_sql; e == ERR_OK && f->name != NULL;
	     f++) {
		bool applied;

		e = apply(raw, f, &applied, why);
		if (e == ERR_OK && applied && done != NULL)
			done(file_number(f), f->name);
	}
	return e;
}

enum err
migrate_script(struct buf *out)
{
	buf_addf(out, "begin;\n%s;\n", table_sql);
	for (const struct embedded *f = embedded_sql; f->name != NULL; f++) {
		char hex[2 * SHA256_SIZE + 1];
		enum err e = checksum(f, hex);

		if (e != ERR_OK)
			return e;
		buf_addf(out, "\n-- %s\n", f->name);
		buf_add(out, f->bytes);
		buf_addf(out,
			 "\ninsert into doorward.schema_migrations (number, name, sha256)"
			 " values (%d, '%s', '%s');\n",
			 file_number(f), f->name, hex);
	}
	buf_addz(out, "\nselect doorward.open_doors();\ncommit;\n");
	return out->failed ? ERR_MEMORY : ERR_OK;
}

enum err
migrate_rights(struct db *raw, struct why *why)
{
	return run_locked(raw, "select doorward.open_doors()", why);
}

enum err
migrate_role(struct db *raw, const char *program, struct str role, bool *changed,
	     struct why *why)
{
	struct db_rows *rows;
	struct db_args a;
	enum err e;

	db_args_init(&a);
	db_arg_text(&a, role);
	db_arg_text(&a, str_of(program));
	e = db_query(raw,
		     "with named as (insert into doorward.program_role (role, program)"
		     " select rolname, $2 from pg_roles where rolname = $1::text"
		     " on conflict (program) do update set role = excluded.role"
		     " where program_role.role <> excluded.role returning 1)"
		     " select exists (select 1 from named) from pg_roles"
		     " where rolname = $1::text",
		     &a, &rows, why);
	if (e != ERR_OK)
		return e;
	*changed = db_count(rows) > 0 && db_bool(rows, 0, 0);
	if (db_count(rows) == 0)
		e = why_set(why, ERR_NOT_FOUND,
			    "the database has no role %.*s: create it first",
			    STR_ARG(role));
	db_rows_free(rows);
	return e;
}

enum err
migrate_role_of(struct db *raw, const char *program, struct db_rows **rows,
		struct why *why)
{
	struct db_args a;

	db_args_init(&a);
	db_arg_text(&a, str_of(program));
	return db_query(
		raw,
		"select p.role from doorward.program_role p"
		" join pg_roles r on r.rolname = p.role"
		" where p.program = $1 and r.oid <> (select c.relowner from pg_class c"
		" where c.oid = 'doorward.program_role'::regclass)",
		&a, rows, why);
}

enum err
migrate_number(struct db *raw, int *number, struct why *why)
{
	struct db_rows *rows;
	enum err e = db_query_row(
		raw, "select to_regclass('doorward.schema_migrations') is not null", NULL,
		&rows, why);
	bool exists = e == ERR_OK && db_bool(rows, 0, 0);

	*number = 0;
	if (e != ERR_OK)
		return e;
	db_rows_free(rows);
	if (!exists)
		return ERR_OK;
	e = db_query_row(
		raw, "select coalesce(max(number), 0) from doorward.schema_migrations",
		NULL, &rows, why);
	if (e == ERR_OK) {
		*number = (int)db_int(rows, 0, 0);
		db_rows_free(rows);
	}
	return e;
}

enum err
migrate_list(struct db *raw, struct db_rows **rows, struct why *why)
{
	return db_query(raw,
			"select number, name, sha256,"
			" floor(extract(epoch from applied_at))::bigint"
			" from doorward.schema_migrations order by number",
			NULL, rows, why);
}
