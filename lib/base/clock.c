#include "base/clock.h"

#include <time.h>

#define EARLIEST_MS INT64_C(1735689600000) /* 2025-01-01 */

/* Two readings in a row differ by less than this, unless the clock was set. */
#define NOISE_MS 1000

enum err
clock_judge(struct clock_steps *s, int64_t real_ms, int64_t boot_ms)
{
	int64_t offset = real_ms - boot_ms, held;

	if (real_ms < EARLIEST_MS)
		return ERR_CLOCK;
	if (!s->started)
		*s = (struct clock_steps){ true, offset, 0, offset, boot_ms };
	if (offset < s->seen - NOISE_MS || offset > s->seen + NOISE_MS) {
		s->seen = offset;
		s->seen_since = boot_ms;
	}
	held = boot_ms - s->seen_since;
	if (held >= s->weight) {
		s->believed = s->seen;
		s->weight = held < CLOCK_DOUBT_MS ? held : CLOCK_DOUBT_MS;
	}
	if (offset < s->believed - CLOCK_STEP_BACK_MS)
		return ERR_CLOCK;
	return ERR_OK;
}

static bool
read_ms(clockid_t clock, int64_t *ms)
{
	struct timespec t;

	if (clock_gettime(clock, &t) != 0)
		return false;
	*ms = (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
	return true;
}

enum err
clock_now(int64_t *seconds)
{
	static struct clock_steps steps;
	int64_t real_ms, boot_ms;
	enum err e;

	if (!read_ms(CLOCK_REALTIME, &real_ms) || !read_ms(CLOCK_BOOTTIME, &boot_ms))
		return ERR_CLOCK;
	if ((e = clock_judge(&steps, real_ms, boot_ms)) == ERR_OK)
		*seconds = real_ms / 1000;
	return e;
}

int64_t
clock_monotonic_ms(void)
{
	int64_t ms = 0;

	read_ms(CLOCK_MONOTONIC, &ms);
	return ms;
}
