#include <stdlib.h>

#include "base/log.h"
#include "serve/power_database.h"
#include "store/tidy/tidy.h"
#include "upkeep/upkeep_parts.h"

#define STEP_MS 50      /* what a step may take */
#define AFTER_STOP_S 10 /* the next try after a step that had to stop */
#define AFTER_BUSY_S 60 /* … after finding somebody else at it */
#define AFTER_ERROR_S 300

/*
 * After so many stops in a row one step is done although a request waits, which then
 * waits for STEP_MS at most. Otherwise a busy site would never get its upkeep.
 */
#define STOPS_MAX 10

static void
power_close(void *opened)
{
	free(opened);
}

static enum err
power_open(const struct app *app, void **opened, struct why *why)
{
	struct upkeep *u = calloc(1, sizeof(*u));

	(void)app;
	if (u == NULL)
		return why_set(why, ERR_MEMORY, "no memory");
	u->tidy.file = "upkeep.tidy";
	u->keys.file = "upkeep.keys";
	*opened = u;
	return ERR_OK;
}

const struct power power_upkeep = { "upkeep", power_open, NULL, power_close };

struct upkeep *
upkeep_of(const struct app *app)
{
	return app_opened(app, &power_upkeep);
}

static bool
nobody_waits(void *arg)
{
	(void)arg;
	return false;
}

static void
stopped(struct upkeep *u)
{
	u->stops++;
	upkeep_timer_wait(&u->tidy, AFTER_STOP_S);
	if (u->stops == STOPS_MAX)
		LOG(LOG_WARN, "upkeep_is_late",
		    { "reason", STR("requests wait, or the "
				    "database is slow") });
}

bool
upkeep_tidy_step(struct app *app, bool (*is_wanted)(void *arg), void *arg)
{
	struct upkeep *u = upkeep_of(app);
	bool patient = u->stops < STOPS_MAX;
	const struct db_stop stop = { patient ? is_wanted : nobody_waits, arg, STEP_MS };
	struct tidy_outcome outcome;
	struct why why = { "" };
	enum err e = tidy_step(app_db(app), &stop, &outcome, &why);

	if (e != ERR_OK) {
		LOG(LOG_ERROR, "upkeep_not_done", { "error", str_of(err_text(e)) },
		    { "why", str_of(why.text) });
		upkeep_timer_wait(&u->tidy, AFTER_ERROR_S);
		return false;
	}
	if (outcome.stopped) {
		stopped(u);
		return false;
	}
	u->stops = 0;
	if (outcome.busy)
		upkeep_timer_wait(&u->tidy, AFTER_BUSY_S);
	else if (outcome.wait_s > 0)
		upkeep_timer_done(app, &u->tidy, outcome.wait_s);
	return !outcome.busy && outcome.wait_s == 0;
}

static bool
is_due(struct app *app)
{
	return upkeep_timer_is_due(app, &upkeep_of(app)->tidy);
}

const struct duty upkeep_duty = { is_due, upkeep_tidy_step };
