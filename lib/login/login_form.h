/*
 * The login form as a page.
 */
#ifndef LOGIN_FORM_H
#define LOGIN_FORM_H

#include <stdbool.h>
#include <stdint.h>

#include "http/request.h"
#include "http/response.h"
#include "serve/app.h"

#define LOGIN_FORM_PURPOSE "login" /* of its token: access/csrf.h */

struct login_form {
	int status;
	const char *problem; /* a phrase's key, or NULL */
	const char *notice;  /* likewise: nothing went wrong */
	bool username_wrong; /* the problem is about it */
	bool password_wrong;
	struct str username; /* as it was typed */
	struct str return_to;
	bool remember;
	int64_t wait; /* seconds, for a problem that says how long */
};

/*
 * Send the form with a token of its own, bound to the browser by its form
 * cookie, which is made when it brought none.
 */
void login_form_send(struct app *app, const struct request *req, struct response *res,
		     const struct login_form *form);

/*
 * `return_to` where it may lead, else "/": a path of this site outside of the
 * login itself, or an address under return_to_origins.
 */
struct str login_return_to(const struct app *app, struct str return_to);

#endif
