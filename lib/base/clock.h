/*
 * The time. The validity of tokens depends on it. So if the clock cannot be right, the
 * result is an error and not a number.
 */
#ifndef CLOCK_H
#define CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

/* The clock may be set back by this much without being doubted. */
#define CLOCK_STEP_BACK_MS INT64_C(60000)

/* If the clock was set back further, it is doubted for this long at most. */
#define CLOCK_DOUBT_MS INT64_C(60000)

/*
 * Seconds since 1970 (the NumericDate of RFC 7519, 2). ERR_CLOCK if the clock shows a
 * time before 2025, or if it was set back and is still doubted: expired tokens would
 * otherwise become valid again.
 */
enum err clock_now(int64_t *seconds);

/*
 * The decision of clock_now. The offset is the difference between the clock and
 * CLOCK_BOOTTIME. Nobody can set CLOCK_BOOTTIME, and it goes on while the machine
 * sleeps. So the offset changes only when the clock is set.
 *
 * The process believes one offset. It believes a new offset once that has held for as
 * long as the old one did, but after CLOCK_DOUBT_MS at most. So a clock that was wrong
 * for a moment costs only a moment. Until then, a reading is refused if it is more
 * than CLOCK_STEP_BACK_MS behind the believed time, and accepted if it is ahead of it.
 * Expired tokens can become valid only under the earlier of the two times.
 *
 * A clock that is set back and stays there is believed after that minute. To doubt it
 * longer would be useless: a new process, which has seen no other time, believes it at
 * once.
 */
struct clock_steps {
	bool started;
	int64_t believed;   /* an offset */
	int64_t weight;     /* how long the believed offset had held, CLOCK_DOUBT_MS at
			     * most */
	int64_t seen;       /* the offset of the last reading */
	int64_t seen_since; /* when that offset was first read, by CLOCK_BOOTTIME */
};

/* Judge one reading of both clocks. `s` is all zero at first. */
enum err clock_judge(struct clock_steps *s, int64_t real_ms, int64_t boot_ms);

/* Milliseconds of a clock that nobody can set. For deadlines. */
int64_t clock_monotonic_ms(void);

#endif
