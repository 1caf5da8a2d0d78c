#include "page/words.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define MINUTE 60
#define HOUR 3600
#define DAY 86400

static struct words
words_of(const char *phrase, int64_t count)
{
	struct words w = { phrase, "" };

	snprintf(w.count, sizeof(w.count), "%lld", (long long)count);
	return w;
}

/* Rounded up, and never "1 seconds". */
struct words
words_wait(int64_t seconds)
{
	if (seconds > 90 * MINUTE)
		return words_of("wait.hours", (seconds + HOUR - 1) / HOUR);
	if (seconds > 55 * MINUTE)
		return words_of("wait.hour", 1);
	if (seconds > 90)
		return words_of("wait.minutes", (seconds + MINUTE - 1) / MINUTE);
	if (seconds > 50)
		return words_of("wait.minute", 1);
	return words_of("wait.seconds", seconds > 1 ? seconds : 2);
}

struct words
words_ago(int64_t seconds)
{
	if (seconds >= 2 * DAY)
		return words_of("ago.days", seconds / DAY);
	if (seconds >= 2 * HOUR)
		return words_of("ago.hours", seconds / HOUR);
	if (seconds >= 2 * MINUTE)
		return words_of("ago.minutes", seconds / MINUTE);
	return words_of("ago.now", 0);
}

void
words_time(int64_t seconds, char out[WORDS_TIME_SIZE])
{
	time_t t = (time_t)seconds;
	struct tm tm;

	if (gmtime_r(&t, &tm) == NULL ||
	    strftime(out, WORDS_TIME_SIZE, "%Y-%m-%d %H:%M UTC", &tm) == 0)
		memcpy(out, "?", 2);
}
