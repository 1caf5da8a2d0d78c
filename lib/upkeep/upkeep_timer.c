#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/state.h"
#include "upkeep/upkeep_parts.h"

#define PATH_LIMIT 4096

void
upkeep_timer_wait(struct upkeep_timer *timer, int64_t seconds)
{
	timer->next_ms = clock_monotonic_ms() + seconds * 1000;
}

/* How long ago the file says that it was done. Negative: unknown. */
static int64_t
age(const struct app *app, const struct upkeep_timer *timer)
{
	char path[PATH_LIMIT];
	struct stat st;
	int n;

	if (app->config->state_dir == NULL)
		return -1;
	n = snprintf(path, sizeof(path), "%s/%s", app->config->state_dir, timer->file);
	if (n < 0 || (size_t)n >= sizeof(path) || stat(path, &st) != 0)
		return -1;
	return app->now - st.st_mtime;
}

bool
upkeep_timer_is_due(const struct app *app, struct upkeep_timer *timer)
{
	int64_t done_ago;

	if (app->config->upkeep != UPKEEP_PROGRAM ||
	    clock_monotonic_ms() < timer->next_ms)
		return false;
	done_ago = age(app, timer);
	if (done_ago < 0 || done_ago >= UPKEEP_EVERY_S)
		return true;
	upkeep_timer_wait(timer, UPKEEP_EVERY_S - done_ago);
	return false;
}

void
upkeep_timer_done(const struct app *app, struct upkeep_timer *timer, int64_t seconds)
{
	struct why why = { "" };
	struct state state;
	int fd = -1;
	enum err e;

	upkeep_timer_wait(timer, seconds);
	if (app->config->state_dir == NULL)
		return;
	if ((e = state_open(app->config->state_dir, true, &state, &why)) == ERR_OK)
		e = state_file(&state, timer->file, &fd, &why);
	if (e != ERR_OK || futimens(fd, NULL) != 0)
		LOG(LOG_ERROR, "upkeep_not_noted", { "file", str_of(timer->file) },
		    { "why", str_of(why.text) });
	if (fd >= 0)
		close(fd);
	state_close(&state);
}
