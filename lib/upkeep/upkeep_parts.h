/* What the files of this room share. */
#ifndef UPKEEP_PARTS_H
#define UPKEEP_PARTS_H

#include "config/config.h"
#include "serve/serve.h"
#include "upkeep/upkeep.h"

#define UPKEEP_EVERY_S 3600 /* as upkeep_step() says after a pass */

/* When a kind of work is wanted next, for this process and for the host. */
struct upkeep_timer {
	const char *file; /* in state_dir; changed when the work was last done */
	int64_t next_ms;  /* this process does not look before that time */
};

struct upkeep {
	struct upkeep_timer tidy, keys;
	unsigned stops; /* steps in a row that had to stop */
};

/* Is the setting upkeep = program, and was the work not done for an hour? */
bool upkeep_timer_is_due(const struct app *app, struct upkeep_timer *timer);

/* This process does not look again for so long. */
void upkeep_timer_wait(struct upkeep_timer *timer, int64_t seconds);

/* It is done: the other processes of this host need not look for an hour either. */
void upkeep_timer_done(const struct app *app, struct upkeep_timer *timer,
		       int64_t seconds);

struct upkeep *upkeep_of(const struct app *app);

/* A step of the deleting, as `step` of struct duty. */
bool upkeep_tidy_step(struct app *app, bool (*is_wanted)(void *arg), void *arg);

#endif
