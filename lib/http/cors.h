/*
 * Cross-origin requests of single-page applications (Fetch Standard, 3.2). They are
 * allowed only from listed origins, never from "*", and with cookies only if a setting
 * says so.
 */
#ifndef CORS_H
#define CORS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "http/request.h"
#include "http/response.h"

struct cors {
	const char *const *origins;
	size_t n_origins; /* 0: no other origin may ask */
	bool credentials;
	const char *methods; /* the methods of this address, like "GET, HEAD, POST" */
	const char *header;  /* one more header that a script may send; NULL: none */
};

/*
 * Set Vary: Origin and, for a listed origin, the Access-Control-* headers. True if the
 * request was a preflight: it is answered, and the handler has nothing left to do.
 * Call this before anything else. The headers stay with the answer that follows.
 */
bool cors_apply(const struct cors *c, const struct request *r, struct response *resp);

#endif
