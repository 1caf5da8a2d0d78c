/* The checks and handlers for /account. cgi-bin/account.c has their rows. */
#ifndef ACCOUNT_H
#define ACCOUNT_H

#include "page/page.h"
#include "serve/route.h"
#include "store/accounts.h"
#include "store/profiles.h"

/* ---- checks that a row names (account_visit.c) ---- */

#define ACCOUNT_FORM_PURPOSE "account" /* purposes of form tokens: access/csrf.h */
#define ACCOUNT_FACTOR_APP "totp"      /* the id of the app for one-time codes */

/*
 * A visitor who is signed in here and whose session is open. `visit->found` is their
 * struct account. If nothing says which page a form came from, its token decides.
 */
route_check account_owner;

/* The token of our form, made for this session. */
route_check account_form_token;

/*
 * For dangerous steps: true if the password was given a short time ago. Otherwise the
 * browser is sent to the login to give it, and then back to the requested path.
 */
route_check account_is_fresh;

/* The same for a user with a password, and account_is_proven for one without. */
route_check account_may_set_password;

/*
 * As account_is_fresh, and if the user has a factor, the session must have proven one a
 * short time ago. Leads back to the page of the field `id`, or to the list.
 */
route_check account_is_proven;

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

/* GET /account/factors: by what I sign in. */
void account_factors_show(struct app *app, const struct request *req,
			  struct response *res, const struct visit *visit);

/* GET and POST /account/factor: rename or remove one. */
void account_factor_show(struct app *app, const struct request *req, struct response *res,
			 const struct visit *visit);
void account_factor_post(struct app *app, const struct request *req, struct response *res,
			 const struct visit *visit);

/* GET and POST /account/tokens: tokens for programs, and the end of one. */
void account_tokens_show(struct app *app, const struct request *req, struct response *res,
			 const struct visit *visit);
void account_tokens_post(struct app *app, const struct request *req, struct response *res,
			 const struct visit *visit);

/* GET and POST /account/apps: the clients that the person has let in, and the end of one. */
void account_apps_show(struct app *app, const struct request *req, struct response *res,
		       const struct visit *visit);
void account_apps_post(struct app *app, const struct request *req, struct response *res,
		       const struct visit *visit);

/* account_owner, for a site that sends mail. 404 on others. */
route_check account_has_mail;

/* GET and POST /account/address. */
void account_address_show(struct app *app, const struct request *req,
			  struct response *res, const struct visit *visit);
void account_address_post(struct app *app, const struct request *req,
			  struct response *res, const struct visit *visit);

/* GET /account/data: everything that is stored about the person, as JSON. */
void account_data(struct app *app, const struct request *req, struct response *res,
		  const struct visit *visit);

/* GET and POST /account/delete, and the page after it. */
void account_delete_show(struct app *app, const struct request *req, struct response *res,
			 const struct visit *visit);
void account_delete_post(struct app *app, const struct request *req, struct response *res,
			 const struct visit *visit);
void account_gone(struct app *app, const struct request *req, struct response *res,
		  const struct visit *visit);

/* ---- shared by the handlers ---- */

/* The user that account_owner has found. */
const struct account *account_of(const struct visit *visit);

/* account_is_fresh, which then leads back to `return_to`. */
bool account_is_fresh_for(struct app *app, struct response *res,
			  const struct visit *visit, struct str return_to);

/*
 * The address at which the login, or the proof of a factor, is made recent that a new
 * token for a program demands. It leads back to the tokens. NULL: both are recent.
 */
const char *account_token_way(const struct app *app, const struct visit *visit);

/* The user, as arguments for the database. */
struct profiles_who account_who(const struct app *app, const struct request *req,
				const struct visit *visit);

/* The session ended during the request: answer as if it had been over before. */
void account_over(struct app *app, const struct request *req, struct response *res);

/* 503, with the reason in the log. */
void account_unavailable(struct app *app, const struct request *req, struct response *res,
			 enum err e, const struct why *why);

/* Send a page with its form token. After an error the page must not be sent. */
enum err account_page(struct app *app, const struct request *req,
		      const struct visit *visit, const char *name, struct buf *token,
		      struct page *page);

#endif
