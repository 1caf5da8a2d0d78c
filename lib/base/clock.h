/*
 * The time. Tokens live and die by it, so a clock that cannot be right is an
 * error and not a number.
 */
#ifndef CLOCK_H
#define CLOCK_H

#include <stdint.h>

#include "base/err.h"

/* How far the clock may step back within one process, in seconds. */
#define CLOCK_MAX_STEP_BACK 60

/*
 * Seconds since 1970 (the NumericDate of RFC 7519, 2). ERR_CLOCK when the
 * clock stands before 2025 or more than CLOCK_MAX_STEP_BACK seconds before a
 * time that this process has seen: an expired token would live again.
 */
enum err clock_now(int64_t *seconds);

/* Milliseconds of a clock that never steps; for deadlines. */
int64_t clock_monotonic_ms(void);

#endif
