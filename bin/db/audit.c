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
#define EVENTS_MAX 16
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

/* ---- which rows ---- */

#define DAY 86400

/*
 * 30m, 12h, 7d ago, or YYYY-MM-DD (UTC), or a day and a time: YYYY-MM-DDTHH:MM. A day is
 * its first second, or with `day_after` the first of the next day.
 */
static bool
take_time(const char *text, bool day_after, int64_t *at)
{
	struct tm tm = { 0 };
	int64_t ago;
	const char *end;

	*at = 0;
	if (text == NULL)
		return true;
	end = strptime(text, "%Y-%m-%d", &tm);
	if (end != NULL && *end == '\0') {
		*at = timegm(&tm) + (day_after ? DAY : 0);
		return true;
	}
	end = strptime(text, "%Y-%m-%dT%H:%M", &tm);
	if (end != NULL && *end == '\0') {
		*at = timegm(&tm);
		return true;
	}
	if (str_to_int(str_of(text), 0, INT64_MAX, &ago)) /* of what? */
		return false;
	if (text_duration(str_of(text), SINCE_MAX, &ago) != ERR_OK || ago == 0 ||
	    clock_now(at) != ERR_OK)
		return false;
	*at -= ago;
	return true;
}

/* The options as they were typed. */
struct typed {
	const char *user, *since, *until, *limit;
	const char *events[EVENTS_MAX];
	size_t n_events;
};

/* An event is a word like login_ok. */
static bool
is_event(struct str word)
{
	for (size_t i = 0; i < word.n; i++)
		if ((word.p[i] < 'a' || word.p[i] > 'z') && word.p[i] != '_')
			return false;
	return word.n > 0 && word.n <= 64;
}

static bool
take_events(const struct typed *t, struct str events[EVENTS_MAX])
{
	for (size_t i = 0; i < t->n_events; i++) {
		events[i] = str_of(t->events[i]);
		if (!is_event(events[i]))
			return command_fail(
				       "--event %s: the name of an event is wanted, like "
				       "login_ok",
				       t->events[i]) == COMMAND_OK;
	}
	return true;
}

/* False after a complaint. */
static bool
take_typed(const struct typed *t, struct upkeep_asked *asked,
	   struct str events[EVENTS_MAX])
{
	static const char wanted[] = "30m, 12h or 7d is wanted, or a day as YYYY-MM-DD";

	*asked = (struct upkeep_asked){ .name = str_of(t->user),
					.events = events,
					.n_events = t->n_events,
					.limit = 1000 };
	if (!take_time(t->since, false, &asked->since))
		command_fail("--since %s: %s", t->since, wanted);
	else if (!take_time(t->until, true, &asked->until))
		command_fail("--until %s: %s", t->until, wanted);
	else if (t->limit != NULL &&
		 !str_to_int(str_of(t->limit), 1, 1000000, &asked->limit))
		command_fail("--limit %s: a number from 1 to 1000000 is wanted",
			     t->limit);
	else if (asked->since != 0 && asked->until != 0 && asked->since >= asked->until)
		command_fail("--until %s is not after --since %s", t->until, t->since);
	else
		return take_events(t, events);
	return false;
}

int
audit_command(int argc, char **argv)
{
	struct typed typed = { .user = NULL };
	bool json = false;
	const struct command_option options[] = { { "user", .value = &typed.user },
						  { "event", .values = typed.events,
						    .n = &typed.n_events,
						    .max = EVENTS_MAX },
						  { "since", .value = &typed.since },
						  { "until", .value = &typed.until },
						  { "limit", .value = &typed.limit },
						  { "json", .flag = &json },
						  { NULL } };
	struct str events[EVENTS_MAX];
	struct upkeep_asked asked;
	struct db_rows *rows = NULL;
	struct why why = { "" };
	struct database d;
	enum err e;

	if (!command_options(&argc, argv, options) || argc != 1)
		return COMMAND_MISUSED;
	if (!take_typed(&typed, &asked, events))
		return COMMAND_FAILED;
	if (!database_open(&d, false))
		return COMMAND_FAILED;
	e = upkeep_audit_list(d.db, &asked, &rows, &why);
	return database_show(&d, e, &why, &rows, json ? put_json : put_text);
}
