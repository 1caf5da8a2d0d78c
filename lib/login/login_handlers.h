/*
 * What is under /login: one handler an address and method (cgi-bin/login.c).
 */
#ifndef LOGIN_HANDLERS_H
#define LOGIN_HANDLERS_H

#include "http/request.h"
#include "http/response.h"
#include "serve/app.h"

/* GET /login: the form, or the silent renewal of a session (login_renew.c). */
void login_get(struct app *app, const struct request *req, struct response *res);

/* POST /login: a form (login_post_form.c) or JSON (login_post_json.c). */
void login_post(struct app *app, const struct request *req, struct response *res);
void login_post_form(struct app *app, const struct request *req, struct response *res);
void login_post_json(struct app *app, const struct request *req, struct response *res);

/* POST /login/refresh: a new access token for a refresh token. */
void login_refresh(struct app *app, const struct request *req, struct response *res);

/* POST /login/logout; GET /login/goodbye is where a browser ends up. */
void login_logout(struct app *app, const struct request *req, struct response *res);
void login_goodbye(struct app *app, const struct request *req, struct response *res);

/* GET /login/health: can a login be done now? 200 or 503. */
void login_health(struct app *app, const struct request *req, struct response *res);

/*
 * GET /login/doorward-HASH.css and .svg. False when `req` is for neither, and
 * nothing is answered.
 */
bool login_asset(struct app *app, const struct request *req, struct response *res);

/*
 * Answer with tokens as JSON: {"token","access_token","token_type","expires_in"},
 * the first two being the same, and, unless they are empty, "refresh_token" and
 * "device".
 */
void login_answer_tokens(struct app *app, const struct request *req, struct response *res,
			 struct str token, int64_t expires_in, struct str refresh,
			 struct str device);

/*
 * GET /login with a session cookie. True when it is answered: the session was
 * renewed and the browser is on its way back to `return_to`, or it goes round
 * in circles, or renewing cannot be done now.
 */
bool login_renew(struct app *app, const struct request *req, struct response *res,
		 struct str return_to);

#endif
