/*
 * The handlers of POST /login/token: a person makes a token for a program. The form is on
 * the page of the account (/account/tokens). cgi-bin/login.c has the row.
 */
#ifndef PROGRAM_H
#define PROGRAM_H

#include "http/request.h"
#include "http/response.h"
#include "serve/route.h"

/*
 * The browser has an open session, and the form's token is bound to it. Any other
 * visitor gets 401, also one with a token for a program.
 */
bool program_form_token(struct app *app, const struct request *req, struct response *res,
			struct visit *visit);

/* Sign the token, store its row, and show it once. */
void program_post(struct app *app, const struct request *req, struct response *res,
		  const struct visit *visit);

#endif
