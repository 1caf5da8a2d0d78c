/*
 * Cross-origin requests of single-page apps (Fetch Standard, 3.2): only for
 * listed origins, never for "*", and with cookies only where a setting says so.
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
	size_t n_origins; /* 0: no other origin */
	bool credentials;
	const char *methods; /* of this address, like "GET, HEAD, POST" */
	const char *header;  /* one more that a script may send; NULL: none */
};

/*
 * Set Vary: Origin, and for a listed origin the Access-Control-* headers. True
 * when the request was a preflight: it is answered, the handler is done.
 * Call it before anything else; the headers stay with whatever follows.
 */
bool cors_apply(const struct cors *c, const struct request *r, struct response *resp);

#endif
