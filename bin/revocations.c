/*
 * doorward revocations: the file by which verifiers learn that a session has
 * ended.
 */
#include <time.h>

#include "auth/revocations_publish.h"
#include "base/log.h"
#include "command.h"
#include "store/sessions.h"
#include "json/json.h"

#define CHANNEL "doorward_revocations"
#define LIST_MAX (32 * 1024 * 1024)

/* The settings and a connection: what every action needs. */
struct work {
	struct config config;
	struct db *db;
};

static bool
begin(struct work *w)
{
	struct why why = { "" };

	*w = (struct work){ 0 };
	if (!command_config(&w->config))
		return false;
	if (config_need(&w->config, "revocation_file", &why) == ERR_OK &&
	    config_need(&w->config, "database_admin", &why) == ERR_OK &&
	    db_open(&w->db, w->config.database_admin, "doorward revocations", &why) ==
		    ERR_OK)
		return true;
	command_fail("%s", why.text);
	config_done(&w->config);
	return false;
}

static void
end(struct work *w)
{
	db_close(w->db);
	config_done(&w->config);
}

static int
publish(int argc, char **argv)
{
	const struct command_option options[] = { { NULL } };
	struct why why = { "" };
	struct work w;
	int result = COMMAND_OK;

	if (!command_options(&argc, argv, options) || argc != 1)
		return command_usage("revocations");
	if (!begin(&w))
		return COMMAND_FAILED;
	if (revocations_publish(w.db, w.config.revocation_file, &why) != ERR_OK)
		result = command_fail("%s", why.text);
	end(&w);
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
 * For ever: write the file, then wait until a session ends somewhere or the
 * heartbeat is due. Whatever was missed while the database was away is in the
 * next file, for each is made from the whole list.
 */
static void
follow_on(struct work *w, struct db *listener, int64_t every_ms)
{
	struct why why = { "" };
	bool well = true, good;

	for (;;) {
		good = db_listen(listener, CHANNEL, well ? every_ms : 0, &why) ==
			       ERR_OK &&
		       revocations_publish(w->db, w->config.revocation_file, &why) ==
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
	struct db *listener = NULL;
	struct why why = { "" };
	struct work w;
	int64_t seconds = 10;

	if (!command_options(&argc, argv, options) || argc != 1)
		return command_usage("revocations");
	if (every != NULL && !str_to_int(str_of(every), 1, 3600, &seconds))
		return command_fail("--every takes 1 to 3600 seconds");
	if (!begin(&w))
		return COMMAND_FAILED;
	log_open("revocations", (enum log_level)w.config.log_level);
	if (db_open_raw(&listener, w.config.database_admin, "doorward revocations",
			&why) == ERR_OK)
		follow_on(&w, listener, seconds * 1000);
	end(&w);
	return command_fail("%s", why.text);
}

/* ---- list ---- */

static void
put_row(struct buf *out, const struct db_rows *rows, size_t i, bool json)
{
	if (!json) {
		buf_add(out, db_str(rows, i, 0));
		buf_addf(out, " %lld\n", (long long)db_int(rows, i, 1));
		return;
	}
	json_put_open(out, '{');
	json_put_member(out, "sid", db_str(rows, i, 0));
	json_put_member_int(out, "until", db_int(rows, i, 1));
	json_put_close(out, '}');
}

static int
show(const struct db_rows *rows, bool json)
{
	struct buf out;
	bool good;

	buf_init(&out, LIST_MAX);
	if (json)
		json_put_open(&out, '[');
	for (size_t i = 0; i < db_count(rows); i++)
		put_row(&out, rows, i, json);
	if (json) {
		json_put_close(&out, ']');
		buf_addc(&out, '\n');
	}
	good = !out.failed && command_write(buf_str(&out));
	buf_done(&out);
	return good ? COMMAND_OK : COMMAND_FAILED;
}

static int
list(int argc, char **argv)
{
	bool json = false;
	const struct command_option options[] = { { "json", .flag = &json }, { NULL } };
	struct db_rows *rows = NULL;
	struct why why = { "" };
	struct work w;
	int result;

	if (!command_options(&argc, argv, options) || argc != 1)
		return command_usage("revocations");
	if (!begin(&w))
		return COMMAND_FAILED;
	if (sessions_revoked(w.db, &rows, &why) == ERR_OK)
		result = show(rows, json);
	else
		result = command_fail("%s", why.text);
	db_rows_free(rows);
	end(&w);
	return result;
}

int
revocations_command(int argc, char **argv)
{
	static const struct command_action actions[] = {
		{ "publish", publish },
		{ "follow", follow },
		{ "list", list },
		{ NULL, NULL },
	};

	return command_dispatch(argc, argv, actions);
}
