#include "db/migrate.h"

#include <string.h>

#include "base/text.h"
#include "db/migrate_parts.h"

/*
 * Two runs at once wait for each other. The number is arbitrary and only ours. If the
 * user may act as the owner of the tables, the run does so, so that objects created by
 * a superuser do not belong to somebody else.
 */
const char migrate_begin_sql[] =
	"begin; set local statement_timeout = 0; set local lock_timeout = '30s';"
	" set local search_path = pg_catalog;"
	" select pg_advisory_xact_lock(7236837543);"
	" do $$ declare v_owner name := (select pg_get_userbyid(c.relowner) from "
	"pg_class c"
	" where c.oid = to_regclass('doorward.schema_migrations')); begin"
	" if v_owner <> current_user then"
	" execute format('set local role %I', v_owner); end if; end $$";

/*
 * The host may have made the schema for us and allow no other. Functions that were
 * created from sql/functions have a comment that says so. Only these are dropped.
 */
const char migrate_prepare_sql[] =
	"do $$ declare v_function oid; begin"
	" if to_regnamespace('doorward') is null then create schema doorward; end if;"
	" for v_function in select p.oid from pg_proc p"
	" where p.pronamespace = 'doorward'::regnamespace"
	" and obj_description(p.oid, 'pg_proc') = 'sql/functions' loop"
	" execute format('drop function %s', v_function::regprocedure); end loop;"
	" end $$;"
	" create table if not exists doorward.schema_migrations ("
	" number integer primary key, name text not null, sha256 text not null,"
	" applied_at timestamptz not null default clock_timestamp());"
	" create table if not exists doorward.schema_functions ("
	" one boolean primary key default true check (one), sha256 text not null,"
	" applied_at timestamptz not null default clock_timestamp())";

/* The functions that exist before those of sql/functions. They may call each other. */
const char migrate_before_functions_sql[] =
	"select set_config('doorward.others', coalesce(string_agg(p.oid::text, ' '), ''),"
	" true) from pg_proc p where p.pronamespace = 'doorward'::regnamespace;"
	" delete from doorward.door;"
	" set local check_function_bodies = off";

const char migrate_after_functions_sql[] =
	"do $$ declare v_function oid; begin"
	" for v_function in select p.oid from pg_proc p"
	" where p.pronamespace = 'doorward'::regnamespace and p.oid::text <> all("
	" string_to_array(current_setting('doorward.others'), ' ')) loop"
	" execute format('comment on function %s is %L', v_function::regprocedure,"
	" 'sql/functions'); end loop; end $$;"
	" select doorward.open_doors()";

int
migrate_file_number(const struct embedded *file)
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

enum err
migrate_checksum(const struct embedded *file, char hex[MIGRATE_HEX])
{
	unsigned char sum[SHA256_SIZE];
	struct buf text;
	enum err e = sha256(file->bytes, sum);

	hex[0] = '\0';
	buf_init(&text, 2 * SHA256_SIZE);
	if (e == ERR_OK && !text_add_hex(&text, (struct str){ (char *)sum, sizeof(sum) }))
		e = ERR_MEMORY;
	if (e == ERR_OK)
		memcpy(hex, buf_z(&text), MIGRATE_HEX);
	buf_done(&text);
	return e;
}

/*
 * The applied files of tables must be ours, in order, with no unknown file among them.
 */
static enum err
check_known(const struct db_rows *rows, struct why *why)
{
	const struct embedded *f = embedded_sql;

	for (size_t n = 0; n < db_count(rows); n++, f++) {
		char hex[MIGRATE_HEX];
		enum err e;

		if (f->name == NULL)
			return why_set(
				why, ERR_SCHEMA,
				"the database is at migration %d and this version of "
				"doorward knows %d: use the newer one",
				(int)db_int(rows, db_count(rows) - 1, 0),
				embedded_schema.number);
		if ((e = migrate_checksum(f, hex)) != ERR_OK)
			return e;
		if (db_int(rows, n, 0) != migrate_file_number(f) ||
		    !str_is(db_str(rows, n, 2), hex))
			return why_set(
				why, ERR_SCHEMA,
				"migration %.*s of the database is not the %s of this "
				"version of doorward",
				STR_ARG(db_str(rows, n, 1)), f->name);
	}
	return ERR_OK;
}

static enum err
run(struct db *raw, const char *sql, struct why *why)
{
	return db_query(raw, sql, NULL, NULL, why);
}

static enum err
run_file(struct db *raw, const struct embedded *file, struct why *why)
{
	struct why inner = { "" };
	enum err e = run(raw, file->bytes.p, &inner);

	return e == ERR_OK ? e : why_set(why, e, "%s: %.400s", file->name, inner.text);
}

static enum err
record(struct db *raw, const struct embedded *file, struct why *why)
{
	char hex[MIGRATE_HEX];
	struct db_args a;
	enum err e = migrate_checksum(file, hex);

	if (e != ERR_OK)
		return e;
	db_args_init(&a);
	db_arg_int(&a, migrate_file_number(file));
	db_arg_text(&a, str_of(file->name));
	db_arg_text(&a, str_of(hex));
	return db_query(raw,
			"insert into doorward.schema_migrations (number, name, sha256)"
			" values ($1, $2, $3)",
			&a, NULL, why);
}

/* Apply the files of tables that are missing. `*from` is the first of them. */
static enum err
apply_tables(struct db *raw, int applied, const struct embedded **from, struct why *why)
{
	const struct embedded *f = embedded_sql;
	enum err e = ERR_OK;

	while (f->name != NULL && migrate_file_number(f) <= applied)
		f++;
	*from = f;
	for (; e == ERR_OK && f->name != NULL; f++)
		if ((e = run_file(raw, f, why)) == ERR_OK)
			e = record(raw, f, why);
	return e;
}

static enum err
apply_functions(struct db *raw, struct why *why)
{
	struct db_args a;
	enum err e = run(raw, migrate_before_functions_sql, why);

	for (const struct embedded *f = embedded_functions;
	     e == ERR_OK && f->name != NULL; f++)
		e = run_file(raw, f, why);
	if (e != ERR_OK)
		return e;
	db_args_init(&a);
	db_arg_text(&a, str_of(embedded_schema.functions));
	return db_query(raw,
			"insert into doorward.schema_functions (sha256) values ($1)"
			" on conflict (one) do update set sha256 = excluded.sha256,"
			" applied_at = clock_timestamp()",
			&a, NULL, why);
}

/* Everything that changes the schema, inside the transaction that migrate_begin_sql opened. */
static enum err
apply(struct db *raw, const struct embedded **from, struct why *why)
{
	struct migrated before;
	struct db_rows *rows = NULL;
	enum err e;

	if ((e = migrate_find(raw, &before, why)) != ERR_OK)
		goto out;
	if (before.unreleased) {
		e = why_set(why, ERR_SCHEMA,
			    "the database was prepared by a version before the first "
			    "release, and no way leads from there: nothing was changed");
		goto out;
	}
	if (before.number > 0 && ((e = migrate_list(raw, &rows, why)) != ERR_OK ||
				  (e = check_known(rows, why)) != ERR_OK))
		goto out;
	if ((e = run(raw, migrate_prepare_sql, why)) != ERR_OK)
		goto out;
	if ((e = apply_tables(raw, before.number, from, why)) != ERR_OK)
		goto out;
	if ((e = apply_functions(raw, why)) != ERR_OK)
		goto out;
	if ((e = run(raw, migrate_after_functions_sql, why)) != ERR_OK)
		goto out;
	e = run(raw, "commit", why);
out:
	db_rows_free(rows);
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

enum err
migrate_run(struct db *raw, void (*done)(int number, const char *name), struct why *why)
{
	const struct embedded *f = NULL;
	enum err e;

	if ((e = check_encoding(raw, why)) != ERR_OK)
		return e;
	if ((e = run(raw, migrate_begin_sql, why)) == ERR_OK)
		e = apply(raw, &f, why);
	if (e != ERR_OK) {
		run(raw, "rollback", NULL);
		return e;
	}
	for (; done != NULL && f->name != NULL; f++)
		done(migrate_file_number(f), f->name);
	return ERR_OK;
}

enum err
migrate_rights(struct db *raw, struct why *why)
{
	enum err e = run(raw, migrate_begin_sql, why);

	if (e == ERR_OK)
		e = run(raw, "select doorward.open_doors(); commit", why);
	if (e != ERR_OK)
		run(raw, "rollback", NULL);
	return e;
}

/* What the database contains, by names that mean the same in all versions. */
static const char find_sql[] =
	"select to_regclass('doorward.schema_migrations') is not null,"
	" to_regclass('doorward.schema_functions') is not null";

static const char state_sql[] =
	"select coalesce(max(number), 0), (select sha256 from doorward.schema_functions)"
	" from doorward.schema_migrations";

enum err
migrate_find(struct db *raw, struct migrated *m, struct why *why)
{
	bool tables, functions;
	struct db_rows *rows;
	enum err e = db_query_row(raw, find_sql, NULL, &rows, why);

	*m = (struct migrated){ 0 };
	if (e != ERR_OK)
		return e;
	tables = db_bool(rows, 0, 0);
	functions = db_bool(rows, 0, 1);
	db_rows_free(rows);
	if (!tables)
		return ERR_OK;
	e = db_query_row(raw,
			 functions ? state_sql
				   : "select coalesce(max(number), 0), null"
				     " from doorward.schema_migrations",
			 NULL, &rows, why);
	if (e != ERR_OK)
		return e;
	m->number = (int)db_int(rows, 0, 0);
	m->unreleased = !functions && m->number > 0;
	if (!db_copy(rows, 0, 1, m->functions, sizeof(m->functions)))
		e = why_set(why, ERR_DATABASE,
			    "database: schema_functions: unexpected value");
	db_rows_free(rows);
	return e;
}

bool
migrate_is_current(const struct migrated *m)
{
	return m->number == embedded_schema.number &&
	       strcmp(m->functions, embedded_schema.functions) == 0;
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
