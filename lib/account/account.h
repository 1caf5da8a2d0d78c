/*
 * What is under /account: the checks and the handlers of the rows in cgi-bin/account.c.
 */
#ifndef ACCOUNT_H
#define ACCOUNT_H

#include "page/page.h"
#include "serve/route.h"
#include "store/accounts.h"
#include "store/profiles.h"

/* ---- what a row asks for (account_visit.c) ---- */

#define ACCOUNT_FORM_PURPOSE "account" /* of form tokens: access/csrf.h */

/*
 * Somebody who is signed in here and whose session is open: `visit->found` is their
 * struct account. Where nothing says what page a form came from, its token decides.
 */
route_check account_owner;

/* The token of our form, made for this session. */
route_check account_form_token;

/*
 * For dangerous steps: true when the password was given a short while ago. Otherwise
 * the browser is on its way to give it, and then back to the path it asked for.
 */
route_check account_is_fresh;

/* ---- handlers ---- */

/* GET /account: who I am and where I am signed in. */
void account_show(struct app *app, const struct request *req, struct response *res,
		  const struct visit *visit);

/* POST /account/end: one session, or all others. */
void account_end(struct app *app, const struct request *req, struct response *res,
		 const struct visit *visit);

/* GET and POST /account/password. */
void account_password_show(struct app *app, const struct request *req,
			   struct response *res, const struct visit *visit);
void account_password_post(struct app *app, const struct request *req,
			   struct response *res, const struct visit *visit);

/* GET and POST /account/profile. */
void account_profile_show(struct app *app, const struct request *req,
			  struct response *res, const struct visit *visit);
void account_profile_post(struct app *app, const struct request *req,
			  struct response *res, const struct visit *visit);

/* account_owner, of a site that sends mail; 404 on others. */
route_check account_has_mail;

/* GET and POST /account/address. */
void account_address_show(struct app *app, const struct request *req,
			  struct response *res, const struct visit *visit);
void account_address_post(struct app *app, const struct request *req,
			  struct response *res, const struct visit *visit);

/* GET /account/data: all that is held about the person, as JSON. */
void account_data(struct app *app, const struct request *req, struct response *res,
		  const struct visit *visit);

/* GET and POST /account/delete, and the page after it. */
void account_delete_show(struct app *app, const struct request *req, struct response *res,
			 const struct visit *visit);
void account_delete_post(struct app *app, const struct request *req, struct response *res,
			 const struct visit *visit);
void account_gone(struct app *app, const struct request *req, struct response *res,
		  const struct visit *visit);

/* ---- what they have in common ---- */

/* Whom account_owner has found. */
const struct account *account_of(const struct visit *visit);

/* account_is_fresh, and then back to `return_to`. */
bool account_is_fresh_for(struct app *app, struct response *res,
			  const struct visit *visit, struct str return_to);

/* Who asks, for the database. */
struct profiles_who account_who(const struct app *app, const struct request *req,
				const struct visit *visit);

/* The session ended while the request was under way: as if it had been over before. */
void account_over(struct app *app, const struct request *req, struct response *res);

/* 503, with the reason in the log. */
void account_unavailable(struct app *app, const struct request *req, struct response *res,
			 enum err e, const struct why *why);

/* A page with its form token; ERR_OK, or the page must not be sent. */
enum err account_page(struct app *app, const struct request *req,
		      const struct visit *visit, const char *name, struct buf *token,
		      struct page *page);

#endif
