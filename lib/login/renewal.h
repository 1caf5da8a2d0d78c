/*
 * Renewing a session by its refresh token, shared by scripts (login_refresh.c) and
 * browsers (login_renew.c).
 *
 * The access token is made first, and only then is the refresh token replaced. So a
 * renewal that fails has used nothing up and can be repeated.
 */
#ifndef RENEWAL_H
#define RENEWAL_H

#include "http/request.h"
#include "people/refresh.h"
#include "serve/app.h"

struct renewal {
	bool done; /* false: the session is over or does not exist; the log says why */
	struct refresh refresh;
	struct buf token; /* the access token */
	int64_t expires_in;
};

/*
 * Renew with `token`, for an access token of `life` seconds. On an error nothing was
 * used up (503). If `done` is false with ERR_OK, the verifiers know that the session
 * has ended. Call renewal_done after any return.
 */
enum err renewal_run(struct app *app, const struct request *req, struct str token,
		     int64_t life, struct renewal *r, struct why *why);
void renewal_done(struct renewal *r);

/* After an error: the session has ended, and the verifiers could not be told. */
bool renewal_is_over(const struct renewal *r);

#endif
