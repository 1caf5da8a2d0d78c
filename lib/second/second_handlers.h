/* The handlers for /login/mfa. cgi-bin/login.c has their rows. */
#ifndef SECOND_HANDLERS_H
#define SECOND_HANDLERS_H

#include "http/request.h"
#include "http/response.h"
#include "serve/route.h"

/*
 * GET and POST /login/mfa: one more proof of a login whose password was right. By a form,
 * whose token is checked first; or JSON.
 */
void login_mfa_get(struct app *app, const struct request *req, struct response *res,
		   const struct visit *visit);
bool login_mfa_token(struct app *app, const struct request *req, struct response *res,
		     struct visit *visit);
void login_mfa_form(struct app *app, const struct request *req, struct response *res,
		    const struct visit *visit);
void login_mfa_json(struct app *app, const struct request *req, struct response *res,
		    const struct visit *visit);

#endif
