/*
 * Phrases: share/LANGUAGE.txt, one `key = phrase` a line, # for remarks. What
 * a language lacks is taken from the English file that is compiled in.
 */
#ifndef PAGE_TEXT_H
#define PAGE_TEXT_H

#include <stdbool.h>

#include "base/str.h"

struct pages;

bool page_text_find(const struct pages *pages, struct str key, struct str *text);

/* The same in the bytes of one catalogue. */
bool page_text_in(struct str catalogue, struct str key, struct str *text);

#endif
