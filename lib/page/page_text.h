/*
 * Phrases: share/LANGUAGE.txt, one `key = phrase` a line, # for remarks. What
 * a language lacks is taken from the English file that is compiled in.
 */
#ifndef PAGE_TEXT_H
#define PAGE_TEXT_H

#include <stdbool.h>

#include "base/err.h"
#include "base/str.h"

struct pages;

bool page_text_find(const struct pages *pages, struct str key, struct str *text);

/* The same in the English catalogue that is compiled in. */
bool page_text_built_in(struct str key, struct str *text);

/* The same in the bytes of one catalogue. */
bool page_text_in(struct str catalogue, struct str key, struct str *text);

/*
 * Go through a catalogue: the next line that holds a phrase. False at the end
 * of `rest`. The phrase may be empty: it is not translated.
 */
bool page_text_next(struct str *rest, struct str *key, struct str *phrase);

/*
 * Is it one? ERR_SYNTAX, with the line's number, for a line that is neither
 * `key = phrase` nor a remark nor empty, and for a key that came before.
 */
enum err page_text_check(struct str catalogue, struct why *why);

#endif
