#include "page/phrases.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define MINUTE 60
#define HOUR 3600
#define DAY 86400

static struct counted_phrase
phrase_of(const char *phrase, int64_t count)
{
	struct counted_phrase w = { phrase, "" };

	snprintf(w.count, sizeof(w.count), "%lld", (long long)count);
	return w;
}

/* Rounded up, except that up to 90 minutes are an hour, and up to 90 seconds a minute. */
struct counted_phrase
phrases_wait(int64_t seconds)
{
	if (seconds > 90 * MINUTE)
		return phrase_of("wait.hours", (seconds + HOUR - 1) / HOUR);
	if (seconds > 55 * MINUTE)
		return phrase_of("wait.hours", 1);
	if (seconds > 90)
		return phrase_of("wait.minutes", (seconds + MINUTE - 1) / MINUTE);
	if (seconds > 50)
		return phrase_of("wait.minutes", 1);
	return phrase_of("wait.seconds", seconds > 1 ? seconds : 1);
}

struct counted_phrase
phrases_ago(int64_t seconds)
{
	if (seconds >= DAY)
		return phrase_of("ago.days", seconds / DAY);
	if (seconds >= HOUR)
		return phrase_of("ago.hours", seconds / HOUR);
	if (seconds >= MINUTE)
		return phrase_of("ago.minutes", seconds / MINUTE);
	return phrase_of("ago.now", 0);
}

void
phrases_time(int64_t seconds, char out[PHRASES_TIME_SIZE])
{
	time_t t = (time_t)seconds;
	struct tm tm;

	if (gmtime_r(&t, &tm) == NULL ||
	    strftime(out, PHRASES_TIME_SIZE, "%Y-%m-%d %H:%M UTC", &tm) == 0)
		memcpy(out, "?", 2);
}
