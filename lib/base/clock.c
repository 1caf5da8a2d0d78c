#include "base/clock.h"

#include <time.h>

#define CLOCK_EARLIEST 1735689600 /* 2025-01-01 */

enum err
clock_now(int64_t *seconds)
{
	static int64_t latest = CLOCK_EARLIEST;
	struct timespec t;

	if (clock_gettime(CLOCK_REALTIME, &t) != 0)
		return ERR_CLOCK;
	if (t.tv_sec < CLOCK_EARLIEST || t.tv_sec < latest - CLOCK_MAX_STEP_BACK)
		return ERR_CLOCK;
	if (t.tv_sec > latest)
		latest = t.tv_sec;
	*seconds = t.tv_sec;
	return ERR_OK;
}

int64_t
clock_monotonic_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}
