/* Times as words: phrases of the catalogue with a count. */
#ifndef PHRASES_H
#define PHRASES_H

#include <stdint.h>

struct counted_phrase {
	const char *phrase; /* "wait.minutes", which has a form for each kind of number */
	char count[24];
};

/* How long to wait, as a number that is not too small. */
struct counted_phrase phrases_wait(int64_t seconds);

/* How long ago. */
struct counted_phrase phrases_ago(int64_t seconds);

/* "2026-11-23 14:05 UTC". "?" for a time that has no such form. */
#define PHRASES_TIME_SIZE 32
void phrases_time(int64_t seconds, char out[PHRASES_TIME_SIZE]);

#endif
