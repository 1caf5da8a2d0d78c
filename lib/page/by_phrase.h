/* By what a login was proved, in words. */
#ifndef BY_PHRASE_H
#define BY_PHRASE_H

#include "base/str.h"

/* A phrase's key. `amr`: words of RFC 8176. NULL if none of them is known here. */
const char *by_phrase(struct str amr);

#endif
