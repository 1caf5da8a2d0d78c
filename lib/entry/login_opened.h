/*
 * After a session was opened, by whatever proof: what follows for others, its access
 * token, and the cookies of a browser.
 */
#ifndef LOGIN_OPENED_H
#define LOGIN_OPENED_H

#include <stdint.h>

#include "base/buf.h"
#include "http/request.h"
#include "http/response.h"
#include "people/flow.h"
#include "serve/app.h"

/*
 * Log the login, have its mails sent, tell of the sessions that ended for it, and append
 * its access token to `token`. The time of the request becomes the present, because the
 * session was opened now, and auth_time must not be later than the token. False: the
 * token could not be made, and a 503 is written.
 */
bool login_opened_token(struct app *app, const struct request *req, struct response *res,
			const struct flow_opened *opened, bool browser, struct buf *token,
			int64_t *expires_in);

/* Set the cookies of a browser, and remove that of a flow. */
void login_opened_cookies(struct app *app, const struct request *req,
			  struct response *res, const struct flow_opened *opened,
			  struct str token, int64_t expires_in);

/*
 * The text for the mail about a login from a new browser (JSON). Nothing: the site sends
 * none.
 */
void login_opened_news(const struct app *app, const struct request *req,
		       struct buf *news);

#endif
