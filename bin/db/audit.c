/*
 * doorward audit: what was decided, by whom, about whom.
 */
#include <stdio.h>
#include <time.h>

#include "base/clock.h"
#include "base/text.h"
#include "bin/db/database.h"
#include "store/upkeep.h"
#include "json/json.h"

static const char *const members[] = { "at",    "event",   "user_id", "name",
				       "actor", "address", "session", "detail" };
#define ROW_MAX 65536
#define SINCE_MAX (INT64_C(10000) * 86400) /* seconds */
#define MEMBERS ((int)(sizeof(members) / sizeof(*members)))

/* One object per line, so that a script can read while it is written. */
static void
put_json(struct buf *out, const struct db_rows *rows)
{
	struct buf line;

	buf_init(&line, ROW_MAX);
	for (size_t i = 0; i < db_count(rows); i++) {
		buf_clear(&line);
		json_put_open(&line, '{');
		json_put_member_int(&line, members[0], db_int(rows, i, 0));
		for (int c = 1; c < MEMBERS; c++)
			if (!db_is_null(rows, i, c))
				json_put_member(&line, members[c], db_str(rows, i, c));
		json_put_close(&line, '}');
		out->failed = out->failed || line.failed;
		buf_add(out, buf_str(&line));
		buf_addc(out, '\n');
	}
	buf_done(&line);
}

static void
put_text(struct buf *out, const struct db_rows *rows)
{
	char text[32];

	command_header(out,
		       "WHEN (UTC)        EVENT              WHO, BY WHOM, FROM WHERE");
	for (size_t i = 0; i < db_count(rows); i++) {
		buf_add(out, database_time(rows, i, 0, text));
		buf_addf(out, "  %-18.*s", STR_ARG(db_str(rows, i, 1)));
		for (int c = 3; c < MEMBERS; c++)
			if (!db_is_null(rows, i, c))
				buf_addf(out, " %s=%.*s", members[c],
					 STR_ARG(db_str(rows, i, c)));
		buf_addc(out, '\n');
	}
}

/* 30m, 12h, 7d ago, or YYYY-MM-DD (UTC). */
static bool
take_since(const char *text, int64_t *since)
{
	struct tm tm = { 0 };
	int64_t ago;
	const char *end;

	*since = 0;
	if (text == NULL)
		return true;
	end = strptime(text, "%Y-%m-%d", &tm);
	if (end != NULL && *end == '\0') {
		*since = timegm(&tm);
		return true;
	}
	if (str_to_int(str_of(text), 0, INT64_MAX, &ago)) /* of what? */
		return false;
	if (text_duration(str_of(text), SINCE_MAX, &ago) != ERR_OK || ago == 0 ||
	    clock_now(since) != ERR_OK)
		return false;
	*since -= ago;
	return true;
}

int
audit_command(int argc, char **argv)
{
	const char *user = NULL, *since_text = NULL, *limit_text = NULL;
	bool json = false;
	const struct command_option options[] = { { "user", .value = &user },
						  { "since", .value = &since_text },
						  { "limit", .value = &limit_text },
						  { "json", .flag = &json },
						  { NULL } };
	int64_t since, limit = 1000;
	struct db_rows *rows = NULL;
	struct why why = { "" };
	struct database d;
	enum err e;

	if (!command_options(&argc, argv, options) || argc != 1)
		return COMMAND_MISUSED;
	if (!take_since(since_text, &since))
		return command_fail("--since %s: 30m, 12h or 7d is wanted, or a day as "
				    "YYYY-MM-DD",
				    since_text);
	if (limit_text != NULL && !str_to_int(str_of(limit_text), 1, 1000000, &limit))
		return command_fail("--limit %s: a number from 1 to 1000000 is wanted",
				    limit_text);
	if (!database_open(&d, false))
		return COMMAND_FAILED;
	e = upkeep_audit_list(d.db, str_of(user), since, limit, &rows, &why);
	return database_show(&d, e, &why, &rows, json ? put_json : put_text);
}
