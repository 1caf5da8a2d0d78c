/* The kinds of factors: what people prove besides their password. */
#ifndef WAYS_H
#define WAYS_H

#include "base/str.h"

/* As a set. */
enum factors_way { FACTORS_TOTP = 1, FACTORS_PASSKEY = 2, FACTORS_RECOVERY = 4 };

/* The word that SQL has for one; "setup" for none. */
struct str factors_way_word(enum factors_way way);

/* Such words, separated by one space, as a set. */
unsigned factors_ways(struct str words);

#endif
