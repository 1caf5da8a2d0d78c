/*
 * A try to log in, by the form (login_post_form.c) or by JSON (login_post_json.c).
 * These two only show the result.
 */
#ifndef LOGIN_TRY_H
#define LOGIN_TRY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "http/request.h"
#include "http/response.h"
#include "mfa/mfa.h"
#include "people/flow.h"
#include "serve/app.h"

struct login_ask {
	struct str name, password;
	bool remember;
	struct str device; /* its secret, or empty */
	bool browser; /* it and the earlier session come from the request's cookies */
};

/* Zero: it could not be decided, and a 503 is written. */
enum login_said {
	LOGIN_UNAVAILABLE = 0,
	LOGIN_MISSING,  /* no name or no password: nothing was tried */
	LOGIN_TOO_LONG, /* the name or the password: nothing was tried */
	LOGIN_WRONG,
	LOGIN_THROTTLED, /* `wait` */
	LOGIN_WANTS,     /* the password was right, and a second factor is wanted */
	LOGIN_DONE
};

struct login_try {
	enum login_said said;
	int64_t wait; /* seconds, at least 1 */

	/* Of LOGIN_WANTS: */
	char ticket
		[TICKET_SIZE]; /* of the flow; empty: a browser has to set up a factor */
	char user[UUID_SIZE];
	unsigned ways; /* a set of enum factors_way */
	bool setup;    /* the user has no factor and must make one */

	/* Of LOGIN_DONE: */
	struct flow_opened opened;
	struct buf token; /* the access token */
	int64_t expires_in;
};

/*
 * Try it, and make the first access token. A line in the log gives the result. `res`
 * gets the headers that the outcome needs (WWW-Authenticate or Retry-After), and for
 * LOGIN_UNAVAILABLE the complete answer. Call login_try_done afterwards.
 */
void login_try_run(struct app *app, const struct request *req, struct response *res,
		   const struct login_ask *ask, struct login_try *t);
void login_try_done(struct login_try *t);

#endif
