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

#define LOGIN_FORM_PURPOSE "login" /* purpose of its token: access/csrf.h */

struct login_form {
	int status;
	const char *problem; /* a phrase's key, or NULL */
	const char *notice;  /* a phrase for a notice that is no problem */
	bool username_wrong; /* the problem is about this field */
	bool password_wrong;
	struct str username; /* that the field has */
	bool typed;          /* the person has typed it, or left it empty */
	struct str return_to;
	bool remember;
	int64_t wait; /* seconds, for a problem that says how long to wait */
};

/*
 * Send the form with its token. The token is bound to the browser by the form cookie,
 * which is created if the browser has none. If return_to names a request of a client
 * (login_asker.h), the form may lead to the client, and has the name that the client
 * expects unless another one was typed.
 */
void login_form_send(struct app *app, const struct request *req, struct response *res,
		     const struct login_form *form);

/*
 * `return_to` if a login may lead there, or else "/". Allowed are paths of this site
 * outside of the login itself, and addresses under return_to_origins.
 */
struct str login_return_to(const struct app *app, struct str return_to);

#endif
