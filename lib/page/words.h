/*
 * Times in words, as phrases of the catalogue with a count.
 */
#ifndef WORDS_H
#define WORDS_H

#include <stdint.h>

struct words {
	const char *phrase; /* "wait.minutes": "{{count}} minutes" */
	char count[24];
};

/* How long to wait: a number that is not too short. */
struct words words_wait(int64_t seconds);

/* How long ago. */
struct words words_ago(int64_t seconds);

/* "2026-11-23 14:05 UTC"; "?" for a time that has no such form. */
#define WORDS_TIME_SIZE 32
void words_time(int64_t seconds, char out[WORDS_TIME_SIZE]);

#endif
