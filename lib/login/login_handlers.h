/* The handlers for /login. cgi-bin/login.c has their rows. */
#ifndef LOGIN_HANDLERS_H
#define LOGIN_HANDLERS_H

#include "http/request.h"
#include "http/response.h"
#include "serve/route.h"

/*
 * GET /login: the form, or the renewal of a session without the form (login_renew.c).
 */
void login_get(struct app *app, const struct request *req, struct response *res,
	       const struct visit *visit);

/* POST /login: a form, whose token is checked first; or JSON. */
bool login_form_token(struct app *app, const struct request *req, struct response *res,
		      struct visit *visit);
void login_post_form(struct app *app, const struct request *req, struct response *res,
		     const struct visit *visit);
void login_post_json(struct app *app, const struct request *req, struct response *res,
		     const struct visit *visit);

/*
 * POST /login/passkey/begin: the options for a passkey, as JSON. POST
 * /login/passkey/finish: its answer, as a form or as JSON.
 */
void login_passkey_begin(struct app *app, const struct request *req, struct response *res,
			 const struct visit *visit);
void login_passkey_form(struct app *app, const struct request *req, struct response *res,
			const struct visit *visit);
void login_passkey_json(struct app *app, const struct request *req, struct response *res,
			const struct visit *visit);

/* POST /login/refresh: a new access token for a refresh token. */
void login_refresh_cookie(struct app *app, const struct request *req,
			  struct response *res, const struct visit *visit);
void login_refresh_json(struct app *app, const struct request *req, struct response *res,
			const struct visit *visit);

/* POST /login/logout. GET /login/goodbye is the page after it. */
void login_logout(struct app *app, const struct request *req, struct response *res,
		  const struct visit *visit);
void login_goodbye(struct app *app, const struct request *req, struct response *res,
		   const struct visit *visit);

/* GET /login/health: is a login possible now? 200 or 503. */
void login_health(struct app *app, const struct request *req, struct response *res,
		  const struct visit *visit);

/* GET /login/doorward-HASH.css, .js, .svg and the logo; 404 for another hash. */
void login_asset(struct app *app, const struct request *req, struct response *res,
		 const struct visit *visit);

/*
 * GET /login with a session cookie. True if it is answered: the session was renewed
 * and the browser is sent back to `return_to`, or it goes round in circles, or
 * renewing is not possible now.
 */
bool login_renew(struct app *app, const struct request *req, struct response *res,
		 struct str return_to);

/* Send a browser back to `return_to`, or say that it goes round in circles. */
void login_go_back(struct app *app, const struct request *req, struct response *res,
		   struct str return_to);

/*
 * GET /login?need=…: what a page asks for, beyond a session. For `fresh` the form in any
 * case. For `factor` and `phr` the way to the proof that is missing (login_need.c).
 */
void login_need(struct app *app, const struct request *req, struct response *res,
		const struct visit *visit, struct str return_to);

#endif
