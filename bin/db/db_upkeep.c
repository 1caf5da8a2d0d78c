/* doorward db tidy, db retention: what is over, and how long it is kept. */
#include <string.h>

#include "bin/db/database.h"
#include "store/tidy/tidy.h"
#include "json/json.h"

#define DAYS_MAX 36500

/* `*days` is 0 if the option was not given. */
static bool
take_days(const char *option, const char *text, int64_t *days)
{
	*days = 0;
	if (text == NULL || str_to_int(str_of(text), 1, DAYS_MAX, days))
		return true;
	command_fail("--%s %s: a number of days from 1 to %d is wanted", option, text,
		     DAYS_MAX);
	return false;
}

/* ---- tidy ---- */

static void
put_tidied_text(struct buf *out, const struct db_rows *rows)
{
	for (size_t i = 0; i < db_count(rows); i++)
		buf_addf(out, "%-16s %8lld\n", db_str(rows, i, 0).p,
			 (long long)db_int(rows, i, 1));
}

static void
put_tidied_json(struct buf *out, const struct db_rows *rows)
{
	json_put_open(out, '{');
	for (size_t i = 0; i < db_count(rows); i++)
		json_put_member_int(out, db_str(rows, i, 0).p, db_int(rows, i, 1));
	json_put_close(out, '}');
	buf_addc(out, '\n');
}

int
db_tidy(int argc, char **argv)
{
	const char *audit = NULL, *session = NULL;
	bool json = false;
	const struct command_option options[] = { { "audit-days", .value = &audit },
						  { "session-days", .value = &session },
						  { "json", .flag = &json },
						  { NULL } };
	int64_t audit_days, session_days;
	struct db_rows *rows = NULL;
	struct why why = { "" };
	struct database d;
	enum err e;

	if (!command_options(&argc, argv, options) || argc != 1)
		return COMMAND_MISUSED;
	if (!take_days("audit-days", audit, &audit_days) ||
	    !take_days("session-days", session, &session_days))
		return COMMAND_FAILED;
	if (!database_open(&d, false))
		return COMMAND_FAILED;
	e = tidy_all(d.db, audit_days, session_days, str_of(d.actor), &rows, &why);
	return database_show(&d, e, &why, &rows,
			     json ? put_tidied_json : put_tidied_text);
}

/* ---- retention ---- */

static void
put_days(struct buf *out, bool json, const char *name, const char *what, int64_t days)
{
	if (json)
		json_put_member_int(out, name, days);
	else
		buf_addf(out, "%-13s %5lld  %s\n", name, (long long)days, what);
}

static int
show(struct database *d, bool json, struct why *why)
{
	struct tidy_retention days;
	enum err e = tidy_retention(d->db, &days, why);
	struct buf out;
	int status;

	if (e != ERR_OK)
		return database_result(e, why);
	buf_init(&out, DATABASE_OUT_MAX);
	if (json)
		json_put_open(&out, '{');
	put_days(&out, json, "audit_days", "rows of the audit", days.audit_days);
	put_days(&out, json, "session_days", "sessions that have ended",
		 days.session_days);
	put_days(&out, json, "link_days",
		 "links that have ended, mails, refresh tokens that were replaced",
		 days.link_days);
	if (json) {
		json_put_close(&out, '}');
		buf_addc(&out, '\n');
	}
	status = database_write(&out) ? COMMAND_OK : COMMAND_FAILED;
	buf_done(&out);
	return status;
}

/* The right is the owner's alone, so there is no remedy but to be it. */
static enum err
retain(struct database *d, const struct tidy_retention *days, struct why *why)
{
	enum err e = tidy_retain(d->db, days, str_of(d->actor), why);

	if (e == ERR_DATABASE && strstr(why->text, "lacks a right") != NULL)
		why_set(why, e,
			"only the role that owns the tables may set the retention: name "
			"it in database_admin, or be its user");
	return e;
}

int
db_retention(int argc, char **argv)
{
	const char *audit = NULL, *session = NULL, *link = NULL;
	bool json = false;
	const struct command_option options[] = { { "audit-days", .value = &audit },
						  { "session-days", .value = &session },
						  { "link-days", .value = &link },
						  { "json", .flag = &json },
						  { NULL } };
	struct tidy_retention days;
	struct why why = { "" };
	struct database d;
	enum err e = ERR_OK;
	int status;

	if (!command_options(&argc, argv, options) || argc != 1)
		return COMMAND_MISUSED;
	if (!take_days("audit-days", audit, &days.audit_days) ||
	    !take_days("session-days", session, &days.session_days) ||
	    !take_days("link-days", link, &days.link_days))
		return COMMAND_FAILED;
	if (!database_open(&d, false))
		return COMMAND_FAILED;
	if (audit != NULL || session != NULL || link != NULL)
		e = retain(&d, &days, &why);
	status = e == ERR_OK ? show(&d, json, &why) : database_result(e, &why);
	database_close(&d);
	return status;
}
