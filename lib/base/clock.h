/*
 * The time. Tokens live and die by it, so a clock that cannot be right is an
 * error and not a number.
 */
#ifndef CLOCK_H
#define CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

/* So far back the clock may be set without being doubted. */
#define CLOCK_STEP_BACK_MS INT64_C(60000)

/* A clock that was set further back is doubted for so long, at most. */
#define CLOCK_DOUBT_MS INT64_C(60000)

/*
 * Seconds since 1970 (the NumericDate of RFC 7519, 2). ERR_CLOCK when the clock
 * stands before 2025, or when it was set back and is still doubted: an expired
 * token would live again.
 */
enum err clock_now(int64_t *seconds);

/*
 * How clock_now judges. The offset is what the clock is ahead of CLOCK_BOOTTIME,
 * which nobody can set and which goes on while the machine sleeps: the offset
 * changes when the clock is set, and only then.
 *
 * The process believes one offset. Another one is believed instead once it has held
 * for as long as the former had, CLOCK_DOUBT_MS at most: so a clock that was wrong
 * for a moment costs a moment. Meanwhile the reading is refused if it is more than
 * CLOCK_STEP_BACK_MS behind the believed time, and passes if it is ahead of it:
 * expired tokens live again under the earlier of two times only.
 *
 * A clock that is set back and stays there is believed after that minute. More would
 * defend nothing: a new process, which has seen no other time, believes it at once.
 */
struct clock_steps {
	bool started;
	int64_t believed;   /* an offset */
	int64_t weight;     /* how long that had held, CLOCK_DOUBT_MS at most */
	int64_t seen;       /* the offset of the last reading */
	int64_t seen_since; /* since when, by CLOCK_BOOTTIME */
};

/* One reading of both clocks. `s` begins all zero. */
enum err clock_judge(struct clock_steps *s, int64_t real_ms, int64_t boot_ms);

/* Milliseconds of a clock that never steps; for deadlines. */
int64_t clock_monotonic_ms(void);

#endif
