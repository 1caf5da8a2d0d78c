/* The schema as one SQL text, for a database that only a web page can reach. */
#include "db/migrate.h"

#include "base/buf.h"
#include "db/migrate_parts.h"

/* Is the database what the text was made for? An exception undoes the transaction. */
static const char check_new_sql[] =
	"do $$ begin\n"
	" if to_regclass('doorward.schema_migrations') is not null then\n"
	"  raise exception 'nothing was changed: this database has tables of doorward, at"
	" migration %, and this script is for a new one',\n"
	"   (select coalesce(max(number), 0) from doorward.schema_migrations);\n"
	" end if; end $$;\n";

static const char check_encoding_sql[] =
	"do $$ begin\n"
	" if current_setting('server_encoding') <> 'UTF8' then\n"
	"  raise exception 'nothing was changed: the database has encoding %, and UTF8 is"
	" needed', current_setting('server_encoding');\n"
	" end if; end $$;\n";

static void
put_check_number(struct buf *out, int from)
{
	buf_addf(
		out,
		"do $$ declare v_number integer := 0; begin\n"
		" if to_regclass('doorward.schema_migrations') is not null then\n"
		"  v_number := (select coalesce(max(number), 0)"
		" from doorward.schema_migrations);\n"
		" end if;\n"
		" if v_number <> %d or to_regclass('doorward.schema_functions') is null"
		" then\n"
		"  raise exception 'nothing was changed: this script is for a database at"
		" migration %d, and this one is at migration %%', v_number;\n"
		" end if; end $$;\n",
		from, from);
}

/* The applied files must be those that this program knows. */
static enum err
put_check_files(struct buf *out, int from)
{
	char hex[MIGRATE_HEX];
	enum err e;

	buf_addz(out, "do $$ declare v_name text; begin\n"
		      " select m.name into v_name from doorward.schema_migrations m"
		      " where (m.number, m.sha256) not in (\n");
	for (const struct embedded *f = embedded_sql;
	     f->name != NULL && migrate_file_number(f) <= from; f++) {
		if ((e = migrate_checksum(f, hex)) != ERR_OK)
			return e;
		buf_addf(out, "  %s(%d, '%s')\n", f == embedded_sql ? "" : ", ",
			 migrate_file_number(f), hex);
	}
	buf_addz(out,
		 " ) order by m.number limit 1;\n"
		 " if found then\n"
		 "  raise exception 'nothing was changed: migration % of the database"
		 " is not the one of this version of doorward', v_name;\n"
		 " end if; end $$;\n");
	return ERR_OK;
}

static enum err
put_tables(struct buf *out, int from)
{
	char hex[MIGRATE_HEX];
	enum err e;

	for (const struct embedded *f = embedded_sql; f->name != NULL; f++) {
		if (migrate_file_number(f) <= from)
			continue;
		if ((e = migrate_checksum(f, hex)) != ERR_OK)
			return e;
		buf_addf(out, "\n-- %s\n", f->name);
		buf_add(out, f->bytes);
		buf_addf(out,
			 "\ninsert into doorward.schema_migrations (number, name, sha256)"
			 " values (%d, '%s', '%s');\n",
			 migrate_file_number(f), f->name, hex);
	}
	return ERR_OK;
}

static void
put_functions(struct buf *out)
{
	buf_addf(out, "\n%s;\n", migrate_before_functions_sql);
	for (const struct embedded *f = embedded_functions; f->name != NULL; f++) {
		buf_addf(out, "\n-- functions/%s\n", f->name);
		buf_add(out, f->bytes);
	}
	buf_addf(out,
		 "\ninsert into doorward.schema_functions (sha256) values ('%s')"
		 " on conflict (one) do update set sha256 = excluded.sha256,"
		 " applied_at = clock_timestamp();\n%s;\n",
		 embedded_schema.functions, migrate_after_functions_sql);
}

static bool
is_known(int number)
{
	for (const struct embedded *f = embedded_sql; f->name != NULL; f++)
		if (migrate_file_number(f) == number)
			return true;
	return false;
}

enum err
migrate_script(struct buf *out, int from, struct str last)
{
	enum err e = ERR_OK;

	if (from != 0 && !is_known(from))
		return ERR_SYNTAX;
	buf_addf(out, "-- Doorward's database, from migration %d to %d.\n%s;\n%s", from,
		 embedded_schema.number, migrate_begin_sql, check_encoding_sql);
	if (from == 0) {
		buf_addz(out, check_new_sql);
	} else {
		put_check_number(out, from);
		e = put_check_files(out, from);
	}
	buf_addf(out, "%s;\n", migrate_prepare_sql);
	if (e == ERR_OK)
		e = put_tables(out, from);
	if (e != ERR_OK)
		return e;
	put_functions(out);
	buf_add(out, last);
	/* also where an earlier statement has failed, and the transaction was undone */
	buf_addz(out, "commit;\n"
		      "select 'the database is at migration ' || max(number)"
		      " from doorward.schema_migrations;\n");
	return out->failed ? ERR_MEMORY : ERR_OK;
}
