/*
 * What is under /account: one handler an address and method (cgi-bin/account.c).
 */
#ifndef ACCOUNT_H
#define ACCOUNT_H

#include "access/access.h"
#include "http/form.h"
#include "page/page.h"
#include "serve/app.h"
#include "store/accounts.h"

/* GET /account: who I am and where I am signed in. */
void account_show(struct app *app, const struct request *req, struct response *res);

/* POST /account/end: one session, or all others. */
void account_end(struct app *app, const struct request *req, struct response *res);

/* GET and POST /account/password. */
void account_password_show(struct app *app, const struct request *req,
			   struct response *res);
void account_password_post(struct app *app, const struct request *req,
			   struct response *res);

/* ---- what they have in common (account_visit.c) ---- */

#define ACCOUNT_FORM_PURPOSE "account" /* of form tokens: access/csrf.h */

struct account_visit {
	struct identity who;
	struct account account;
	struct form form; /* of a POST */
};

/*
 * A request of somebody who is signed in here and whose session is open, and,
 * if it is a POST, one that carries the token of our form. False: refused, and
 * the answer is complete. account_leave after either.
 */
bool account_enter(struct app *app, const struct request *req, struct response *res,
		   struct account_visit *visit);
void account_leave(struct account_visit *visit);

/*
 * For dangerous steps: true when the password was given a short while ago.
 * Otherwise the browser is on its way to give it, and then to `return_to`.
 */
bool account_is_fresh(struct app *app, struct response *res,
		      const struct account_visit *visit, const char *return_to);

/* 503, with the reason in the log. */
void account_unavailable(struct app *app, const struct request *req, struct response *res,
			 enum err e, const struct why *why);

/* A page with its form token; ERR_OK, or the page must not be sent. */
enum err account_page(struct app *app, const struct account_visit *visit,
		      const char *name, struct buf *token, struct page *page);

#endif
