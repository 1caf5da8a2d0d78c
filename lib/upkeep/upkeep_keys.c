/* The login program also rotates its keys. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "jose/keyset/keyset.h"
#include "keys/key_life.h"
#include "keys/key_rotation.h"
#include "serve/power_database.h"
#include "store/program/programs.h"
#include "store/tidy/tidy.h"
#include "upkeep/upkeep_parts.h"

#define DONE_MAX 8192
#define PATH_LIMIT 4096
#define AFTER_BUSY_S 60 /* the next try while another process changes the keys */
#define AFTER_ERROR_S 300

/* May this user replace the file `path`, or the files in the directory `path`? */
static bool
may_replace(const char *path)
{
	const char *slash = strrchr(path, '/');
	char parent[PATH_LIMIT] = ".";
	struct stat st;
	int n = 1;

	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return access(path, R_OK | W_OK | X_OK) == 0;
	if (slash != NULL)
		n = snprintf(parent, sizeof(parent), "%.*s/", (int)(slash - path), path);
	return n > 0 && (size_t)n < sizeof(parent) && access(parent, W_OK | X_OK) == 0;
}

/* A single file cannot be rotated, and nobody without a right is to try. */
static bool
may_rotate(const struct config *c)
{
	struct stat st;

	return c->key_rotation > 0 && c->signing_keys != NULL &&
	       c->verifying_keys != NULL && stat(c->signing_keys, &st) == 0 &&
	       S_ISDIR(st.st_mode) && may_replace(c->signing_keys) &&
	       may_replace(c->verifying_keys);
}

/* What was done to keys is done, whether or not it can be recorded. */
static void
record(struct app *app, struct str done, bool complete)
{
	struct why why = { "" };
	enum err e = tidy_keys(app_db(app), done, complete, &why);

	if (done.n > 0)
		LOG(LOG_INFO, "keys_rotated", { "done", done });
	if (e != ERR_OK)
		LOG(LOG_ERROR,
		    done.n > 0 ? "keys_rotated_without_audit" : "upkeep_not_noted",
		    { "why", str_of(why.text) }, { "done", done });
}

/* Whatever cannot be done is left as it was, and the next call goes on. */
static void
rotate(struct app *app, struct upkeep_timer *timer)
{
	struct key_rotation r = { .config = app->config,
				  .now = app->now,
				  .every_s = app->config->key_rotation,
				  .ahead_s = KEY_AHEAD };
	struct buf made, done;
	struct why why = { "" };
	int64_t living;
	enum err e;

	buf_init(&made, KEYSET_BYTES);
	buf_init(&done, DONE_MAX);
	r.made = &made;
	r.done = &done;
	e = programs_figures(app_db(app), &living, &r.programs_until, &why);
	if (e == ERR_OK)
		e = key_rotate_if_free(&r, &why);
	if (e == ERR_OK || done.n > 0)
		record(app, buf_str(&done), e == ERR_OK);
	/* A CGI program remembers nothing: without the file it would fail at each request. */
	if (e == ERR_OK || (app->once && e != ERR_BUSY))
		upkeep_timer_done(app, timer, UPKEEP_EVERY_S);
	else
		upkeep_timer_wait(timer, e == ERR_BUSY ? AFTER_BUSY_S : AFTER_ERROR_S);
	if (e != ERR_OK && e != ERR_BUSY)
		LOG(LOG_ERROR, "keys_not_rotated", { "error", str_of(err_text(e)) },
		    { "why", str_of(why.text) });
	buf_done(&made);
	buf_done(&done);
}

/* Where keys may not be written, that stays so for a while. */
static bool
keys_are_due(const struct app *app, struct upkeep *u)
{
	if (!upkeep_timer_is_due(app, &u->keys))
		return false;
	if (may_rotate(app->config))
		return true;
	upkeep_timer_wait(&u->keys, UPKEEP_EVERY_S);
	return false;
}

static bool
is_due(struct app *app)
{
	struct upkeep *u = upkeep_of(app);

	return upkeep_timer_is_due(app, &u->tidy) || keys_are_due(app, u);
}

/* The keys come when nothing is left to delete, or when that has to wait. */
static bool
step(struct app *app, bool (*is_wanted)(void *arg), void *arg)
{
	struct upkeep *u = upkeep_of(app);

	if (upkeep_timer_is_due(app, &u->tidy))
		return upkeep_tidy_step(app, is_wanted, arg) || keys_are_due(app, u);
	if (keys_are_due(app, u))
		rotate(app, &u->keys);
	return false;
}

const struct duty upkeep_duty_with_keys = { is_due, step };
