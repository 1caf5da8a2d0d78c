/* The events of the audit in words for people. */
#ifndef EVENT_WORDS_H
#define EVENT_WORDS_H

#include <stddef.h>

#include "base/str.h"

struct event_words {
	const char *event;
	const char *phrase; /* its key in the catalogue */
};

/* In the order in which a form offers them. NULL after the last. */
const struct event_words *event_words_at(size_t i);

/* NULL for an event that is not in the table: show the word itself. */
const char *event_words_phrase(struct str event);

#endif
