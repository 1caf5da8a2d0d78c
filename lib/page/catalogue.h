/*
 * A catalogue: the phrases of one language, one `key = phrase` per line, # for
 * comments. Phrases borrow from its bytes.
 */
#ifndef CATALOGUE_H
#define CATALOGUE_H

#include <stdbool.h>

#include "base/err.h"
#include "base/str.h"

/* False if there is no such phrase, or an empty one, which is not translated. */
bool catalogue_find(struct str catalogue, struct str key, struct str *phrase);

/*
 * Go through a catalogue: the next line with a phrase. False at the end of `rest`. The
 * phrase may be empty.
 */
bool catalogue_next(struct str *rest, struct str *key, struct str *phrase);

/*
 * Check a catalogue. ERR_SYNTAX, with the number of the line, for a line that is
 * neither `key = phrase` nor a comment nor empty, and for a key that came before.
 */
enum err catalogue_check(struct str catalogue, struct why *why);

#endif
