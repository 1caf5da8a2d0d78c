#include "store/tidy/tidy.h"

enum err
tidy_step(struct db *db, const struct db_stop *stop, struct tidy_outcome *outcome,
	  struct why *why)
{
	struct db_rows *rows = NULL;
	enum err e;

	*outcome = (struct tidy_outcome){ .stopped = false };
	e = db_query_until(db, "select doorward.upkeep_step()", stop, &rows,
			   &outcome->stopped, why);
	if (e == ERR_OK && !outcome->stopped) {
		outcome->busy = db_is_null(rows, 0, 0);
		outcome->wait_s = db_int(rows, 0, 0);
	}
	db_rows_free(rows);
	return e;
}

static void
arg_days(struct db_args *a, int64_t days)
{
	if (days == 0)
		db_arg_null(a);
	else
		db_arg_int(a, days);
}

enum err
tidy_all(struct db *db, int64_t audit_days, int64_t session_days, struct str actor,
	 struct db_rows **rows, struct why *why)
{
	struct db_args a;

	db_args_init(&a);
	arg_days(&a, audit_days);
	arg_days(&a, session_days);
	db_arg_text(&a, actor);
	return db_query(
		db, "select what, rows from doorward.tidy($1::integer, $2::integer, $3)",
		&a, rows, why);
}

enum err
tidy_keys(struct db *db, struct str detail, bool complete, struct why *why)
{
	struct db_args a;

	db_args_init(&a);
	db_arg_text_or_null(&a, detail);
	db_arg_bool(&a, complete);
	return db_query(db, "select doorward.upkeep_keys($1, $2::boolean)", &a, NULL,
			why);
}

enum err
tidy_last(struct db *db, struct tidy_times *times, struct why *why)
{
	struct db_rows *rows;
	enum err e = db_query_row(
		db, "select since, tidied_at, keys_at from doorward.upkeep_last()", NULL,
		&rows, why);

	*times = (struct tidy_times){ 0 };
	if (e != ERR_OK)
		return e;
	*times = (struct tidy_times){ db_int(rows, 0, 0), db_int(rows, 0, 1),
				      db_int(rows, 0, 2) };
	db_rows_free(rows);
	return ERR_OK;
}

enum err
tidy_retention(struct db *db, struct tidy_retention *days, struct why *why)
{
	struct db_rows *rows;
	enum err e = db_query_row(db,
				  "select audit_days, session_days, link_days"
				  " from doorward.retention_show()",
				  NULL, &rows, why);

	*days = (struct tidy_retention){ 0 };
	if (e != ERR_OK)
		return e;
	*days = (struct tidy_retention){ db_int(rows, 0, 0), db_int(rows, 0, 1),
					 db_int(rows, 0, 2) };
	db_rows_free(rows);
	return ERR_OK;
}

enum err
tidy_retain(struct db *db, const struct tidy_retention *days, struct str actor,
	    struct why *why)
{
	struct db_args a;

	db_args_init(&a);
	arg_days(&a, days->audit_days);
	arg_days(&a, days->session_days);
	arg_days(&a, days->link_days);
	db_arg_text(&a, actor);
	return db_query(db,
			"select doorward.retention_set($1::integer, $2::integer,"
			" $3::integer, $4)",
			&a, NULL, why);
}
