#include "bin/db/database.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "bin/who.h"
#include "page/hearers.h"

void
database_actor(char actor[DATABASE_ACTOR_SIZE])
{
	char name[WHO_SIZE];

	who_am_i(name);
	snprintf(actor, DATABASE_ACTOR_SIZE, "operator:%s", name);
}

/* A failure of the database, and what to do if it refuses the connection. */
static int
fail(const char *text)
{
	const char *advice = "does PostgreSQL run there, and is its place right";

	if (strncmp(text, "cannot connect", strlen("cannot connect")) != 0)
		return command_fail("%s", text);
	if (strstr(text, "authentication failed") != NULL ||
	    strstr(text, "role \"") != NULL)
		advice =
			"PostgreSQL wants the user of that name, or a role that there is";
	else if (strstr(text, "does not exist") != NULL)
		advice = "createdb makes one";
	return command_fail("%s; %s (`database` in %s)", text, advice, config_path());
}

bool
database_open(struct database *d, bool raw)
{
	struct why why = { "" };
	enum err e;

	*d = (struct database){ 0 };
	if (!command_config(&d->config))
		return false;
	database_actor(d->actor);
	e = config_need(&d->config, "database", &why);
	if (e == ERR_OK)
		e = raw ? db_open_raw(&d->db, d->config.database_admin, "doorward", &why)
			: db_open_patient(&d->db, d->config.database_admin, "doorward",
					  &embedded_schema, &why);
	if (e == ERR_OK)
		return true;
	fail(why.text[0] != '\0' ? why.text : err_text(e));
	database_close(d);
	return false;
}

void
database_close(struct database *d)
{
	db_close(d->db);
	d->db = NULL;
	config_done(&d->config);
}

/* Should another user do this? Then say that. */
static bool
advise(const char *text)
{
	struct why unread;
	struct config c;
	struct buf out;
	bool advised = false;

	buf_init(&out, 4096);
	if (config_load(config_path(), &c, &unread) == ERR_OK) {
		if ((advised = who_advise(&out, &c, text, "…")))
			command_fail("%s", buf_z(&out));
		config_done(&c);
	}
	buf_done(&out);
	return advised;
}

int
database_result(enum err e, const struct why *why)
{
	const char *text = why->text[0] != '\0' ? why->text : err_text(e);

	switch (e) {
	case ERR_OK:
		return COMMAND_OK;
	case ERR_EXISTS:
	case ERR_NOT_FOUND:
	case ERR_SYNTAX:
	case ERR_SCHEMA:
		return command_no("%s", text);
	default:
		return e == ERR_DATABASE && advise(text) ? COMMAND_FAILED : fail(text);
	}
}

enum err
database_end(struct database *d, enum session_reason reason, struct why *why)
{
	struct session_hearers hearers = hearers_of(&d->config, d->db);
	struct why inner = { "" };
	enum err e = session_end(&hearers, reason, NULL, &inner);

	if (e == ERR_OK)
		return e;
	/* ERR_IO in any case: the command could not finish its work */
	return why_set(why, ERR_IO,
		       "it is done, but tokens of ended sessions live on until `doorward "
		       "revocations publish` succeeds: %.300s",
		       inner.text[0] != '\0' ? inner.text : err_text(e));
}

bool
database_write(const struct buf *out)
{
	if (!out->failed)
		return command_write(buf_str(out));
	command_fail("no memory for the answer, or it cannot be written as JSON");
	return false;
}

int
database_show(struct database *d, enum err e, const struct why *why,
	      struct db_rows **rows,
	      void (*put)(struct buf *out, const struct db_rows *rows))
{
	int result = database_result(e, why);
	struct buf out;

	buf_init(&out, DATABASE_OUT_MAX);
	if (*rows != NULL) {
		put(&out, *rows);
		if (!database_write(&out))
			result = COMMAND_FAILED;
	}
	buf_done(&out);
	db_rows_free(*rows);
	*rows = NULL;
	database_close(d);
	return result;
}

struct str
database_time(const struct db_rows *rows, size_t row, int column, char text[32])
{
	time_t seconds = (time_t)db_int(rows, row, column);
	struct tm tm;

	if (db_is_null(rows, row, column) || gmtime_r(&seconds, &tm) == NULL)
		return STR("-");
	return (struct str){ text, strftime(text, 32, "%Y-%m-%d %H:%M", &tm) };
}
