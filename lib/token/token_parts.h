/* What all that make tokens share. Only lib/token includes this. */
#ifndef TOKEN_PARTS_H
#define TOKEN_PARTS_H

#include "token/token.h"

#define TOKEN_JTI_MAX 64 /* bytes of a jti */

/* Append words that are separated by one space. False: more than `max` in all. */
bool token_put_words(struct str words, struct str *list, size_t max, size_t *n);

/* Set iat and exp. */
void token_put_times(struct claims *c, int64_t now, int64_t life);

/* Set iss, jti and aud. `c` then borrows from `audience` and `jti`. */
enum err token_put_ours(const struct signer *s, struct claims *c, struct str audience,
			struct buf *jti);

#endif
