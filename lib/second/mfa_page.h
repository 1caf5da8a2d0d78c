/*
 * The page that asks for one more proof, /login/mfa. It serves a login whose password was
 * right, and a session that has to prove more (`step`).
 */
#ifndef MFA_PAGE_H
#define MFA_PAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "http/request.h"
#include "http/response.h"
#include "serve/app.h"

#define MFA_FORM_PURPOSE "mfa" /* purpose of its token: access/csrf.h */

struct mfa_page {
	int status;
	const char *problem; /* a phrase's key, or NULL */
	bool code_wrong;     /* the problem is about this field */
	bool recovery_wrong;
	int64_t wait; /* seconds, for a problem that says how long to wait */

	struct str binding; /* what the form's token is bound to: the ticket or the sid */
	struct str user;    /* the id */
	struct str username;
	unsigned ways;   /* a set of enum factors_way: those that the page offers */
	bool step;       /* for a session; else for a login */
	struct str need; /* of a step: what is asked for */
	struct str return_to;
	bool remember_device; /* as it was checked */
};

/* Send the page with its token. */
void mfa_page_send(struct app *app, const struct request *req, struct response *res,
		   const struct mfa_page *page);

#endif
