/*
 * Renewing a session by its refresh token, as scripts (login_refresh.c) and
 * navigations (login_renew.c) have it in common.
 *
 * The access token is made first, and only then is the refresh token replaced: a
 * renewal that cannot be done has used nothing up and can be asked for again.
 */
#ifndef RENEWAL_H
#define RENEWAL_H

#include "http/request.h"
#include "people/refresh.h"
#include "serve/app.h"

struct renewal {
	bool done; /* false: the session is over, or there is none; the log says why */
	struct refresh refresh;
	struct buf token; /* the access token */
	int64_t expires_in;
};

/*
 * Renew by `token`, for an access token of `life` seconds. On an error nothing was
 * used up (503). `done` false with ERR_OK: the verifiers have heard of the end.
 * renewal_done after any return.
 */
enum err renewal_run(struct app *app, const struct request *req, struct str token,
		     int64_t life, struct renewal *r, struct why *why);
void renewal_done(struct renewal *r);

/* After an error: the session has ended, and the verifiers could not be told. */
bool renewal_is_over(const struct renewal *r);

#endif
