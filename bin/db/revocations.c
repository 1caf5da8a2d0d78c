/* doorward revocations: the files that tell verifiers which sessions have ended. */
#include <time.h>

#include "base/log.h"
#include "bin/db/database.h"
#include "people/revocations_publish.h"
#include "revocation/revocations.h"
#include "revocation/revocations_write.h"
#include "store/sessions.h"
#include "json/json.h"

#define CHANNEL "doorward_revocations"

/* database_open, if there is a file to write. */
static bool
begin(struct database *d)
{
	struct why why = { "" };

	if (!database_open(d, false))
		return false;
	if (config_need(&d->config, "revocation_file", &why) == ERR_OK)
		return true;
	command_fail("%s", why.text);
	database_close(d);
	return false;
}

/* For a site whose database cannot be reached from here. */
static int
publish_empty(void)
{
	struct why why = { "" };
	struct config config;
	enum err e;

	if (!command_config(&config))
		return COMMAND_FAILED;
	if ((e = config_need(&config, "revocation_file", &why)) == ERR_OK)
		e = revocations_write_empty(config.revocation_file, &why);
	config_done(&config);
	if (e == ERR_EXISTS)
		return command_no("%s", why.text);
	return e == ERR_OK ? COMMAND_OK : command_fail("%s", why.text);
}

static int
publish(int argc, char **argv)
{
	bool empty = false;
	const struct command_option options[] = { { "empty", .flag = &empty }, { NULL } };
	struct why why = { "" };
	struct database d;
	int result = COMMAND_OK;

	if (!command_options(&argc, argv, options) || argc != 1)
		return COMMAND_MISUSED;
	if (empty)
		return publish_empty();
	if (!begin(&d))
		return COMMAND_FAILED;
	if (revocations_renew_all(d.db, d.config.revocation_file, &why) != ERR_OK)
		result = command_fail("%s", why.text);
	database_close(&d);
	return result;
}

/* ---- follow ---- */

static void
rest(void)
{
	const struct timespec second = { 1, 0 };

	nanosleep(&second, NULL);
}

/*
 * For ever: write the file, then wait until a session ends somewhere or the heartbeat
 * is due. Events that were missed while the database was away are in the next file,
 * because each is made from the whole list. `asked` is a connection with a short
 * deadline: if the database does not answer, this is noticed and reported at once.
 */
static void
follow_on(struct database *d, struct db *asked, struct db *listener, int64_t every_ms)
{
	struct why why = { "" };
	bool well = true, good;

	for (;;) {
		good = db_listen(listener, CHANNEL, well ? every_ms : 0, &why) ==
			       ERR_OK &&
		       revocations_renew_all(asked, d->config.revocation_file, &why) ==
			       ERR_OK;
		if (good && !well)
			LOG(LOG_INFO, "revocations_followed_again");
		if (!good && well)
			LOG(LOG_ERROR, "revocations_not_followed",
			    { "reason", str_of(why.text) });
		well = good;
		if (!good)
			rest();
	}
}

static int
follow(int argc, char **argv)
{
	const char *every = NULL;
	const struct command_option options[] = { { "every", .value = &every },
						  { NULL } };
	struct db *listener = NULL, *asked = NULL;
	struct why why = { "" };
	struct database d;
	int64_t seconds = 10;

	if (!command_options(&argc, argv, options) || argc != 1)
		return COMMAND_MISUSED;
	if (every != NULL && !str_to_int(str_of(every), 1, 3600, &seconds))
		return command_fail("--every takes 1 to 3600 seconds");
	if (!begin(&d))
		return COMMAND_FAILED;
	log_open("revocations", (enum log_level)d.config.log_level);
	if (db_open_raw(&listener, d.config.database_admin, "doorward revocations",
			&why) == ERR_OK &&
	    db_open(&asked, d.config.database_admin, "doorward revocations",
		    &embedded_schema, &why) == ERR_OK)
		follow_on(&d, asked, listener, seconds * 1000);
	db_close(listener);
	database_close(&d);
	return command_fail("%s", why.text);
}

/* ---- add ---- */

static int
add(int argc, char **argv)
{
	struct why why = { "" };
	struct database d;
	struct str sid;
	enum err e;

	if (!command_options(&argc, argv, NULL) || argc != 2)
		return COMMAND_MISUSED;
	sid = str_of(argv[1]);
	if (!revocations_is_sid(sid))
		return command_fail("%s is no sid: one is a UUID in small letters, as in "
				    "the token",
				    argv[1]);
	if (!database_open(&d, false))
		return COMMAND_FAILED;
	e = sessions_revoke_sid(d.db, sid, str_of(d.actor), &why);
	if (e == ERR_OK)
		e = database_end(&d, SESSION_END_OPERATOR, &why);
	database_close(&d);
	return database_result(e, &why);
}

/* ---- list ---- */

static void
put_text(struct buf *out, const struct db_rows *rows)
{
	for (size_t i = 0; i < db_count(rows); i++) {
		buf_add(out, db_str(rows, i, 0));
		buf_addf(out, " %lld\n", (long long)db_int(rows, i, 1));
	}
}

static void
put_json(struct buf *out, const struct db_rows *rows)
{
	json_put_open(out, '[');
	for (size_t i = 0; i < db_count(rows); i++) {
		json_put_open(out, '{');
		json_put_member(out, "sid", db_str(rows, i, 0));
		json_put_member_int(out, "until", db_int(rows, i, 1));
		json_put_close(out, '}');
	}
	json_put_close(out, ']');
	buf_addc(out, '\n');
}

static int
list(int argc, char **argv)
{
	bool json = false;
	const struct command_option options[] = { { "json", .flag = &json }, { NULL } };
	struct db_rows *rows = NULL;
	struct why why = { "" };
	struct database d;
	enum err e;

	if (!command_options(&argc, argv, options) || argc != 1)
		return COMMAND_MISUSED;
	if (!database_open(&d, false))
		return COMMAND_FAILED;
	e = sessions_revoked(d.db, &rows, &why);
	return database_show(&d, e, &why, &rows, json ? put_json : put_text);
}

int
revocations_command(int argc, char **argv)
{
	static const struct command_action actions[] = {
		{ "publish", publish }, { "follow", follow }, { "add", add },
		{ "list", list },       { NULL, NULL },
	};

	return command_dispatch(argc, argv, actions);
}
