/*
 * A catalogue: the phrases of one language, one `key = phrase` a line, # for
 * remarks. Phrases borrow from its bytes.
 */
#ifndef CATALOGUE_H
#define CATALOGUE_H

#include <stdbool.h>

#include "base/err.h"
#include "base/str.h"

/* False when there is no such phrase, or an empty one: it is not translated. */
bool catalogue_find(struct str catalogue, struct str key, struct str *phrase);

/*
 * Go through a catalogue: the next line that holds a phrase. False at the end
 * of `rest`. The phrase may be empty.
 */
bool catalogue_next(struct str *rest, struct str *key, struct str *phrase);

/*
 * Is it one? ERR_SYNTAX, with the line's number, for a line that is neither
 * `key = phrase` nor a remark nor empty, and for a key that came before.
 */
enum err catalogue_check(struct str catalogue, struct why *why);

#endif
