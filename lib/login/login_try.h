/*
 * A try to log in, as the form and the JSON interface have it in common.
 */
#ifndef LOGIN_TRY_H
#define LOGIN_TRY_H

#include <stdbool.h>
#include <stdint.h>

#include "http/request.h"
#include "http/response.h"
#include "people/login.h"
#include "serve/app.h"

#define LOGIN_NAME_MAX 255 /* bytes; see people/login.h */

struct login_ask {
	struct str name, password;
	bool remember;
	struct str device; /* its secret, or empty */
	bool browser;      /* that and the earlier session come from its cookies */
};

/* login_check, and a line in the log. login_done(l) after any return. */
enum err login_try_run(struct app *app, const struct request *req,
		       const struct login_ask *ask, struct login *l);

#endif
