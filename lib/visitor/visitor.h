/*
 * The handlers for people who are not signed in, under /account: links that were
 * mailed to them, a forgotten password, and registration.
 */
#ifndef VISITOR_H
#define VISITOR_H

#include "serve/route.h"

/* ---- /account/link: every kind of link (store/links.h) ---- */

/*
 * Anyone. If the address contains a secret, the answer's headers keep it out of every
 * Referer.
 */
route_check link_visitor;

/* The token of the form that this browser got for the link in its cookie. */
route_check link_form_token;

/*
 * GET with ?token=: if the link is good, it is put into a cookie and the browser is
 * sent to the bare address. Otherwise the page says what is wrong. GET without it: the
 * form for the link in the cookie. Neither uses the link up.
 */
void link_show(struct app *app, const struct request *req, struct response *res,
	       const struct visit *visit);

/* POST: use the link, with its effect. A refusal leaves it unchanged. */
void link_post(struct app *app, const struct request *req, struct response *res,
	       const struct visit *visit);

/* ---- /account/forgot and /account/register ---- */

/*
 * 404 if the site does not offer it (page/ways_in.h). The form must come from our own
 * page.
 */
route_check forgot_visitor;
route_check forgot_own_page;
route_check register_visitor;
route_check register_own_page;

/* The forms' tokens. */
route_check forgot_form_token;
route_check register_form_token;

void forgot_show(struct app *app, const struct request *req, struct response *res,
		 const struct visit *visit);
void register_show(struct app *app, const struct request *req, struct response *res,
		   const struct visit *visit);

/*
 * Store the text for the worker (mail/mail_request.h), and look nobody up: status,
 * body and work are the same whomever it names.
 */
void forgot_post(struct app *app, const struct request *req, struct response *res,
		 const struct visit *visit);
void register_post(struct app *app, const struct request *req, struct response *res,
		   const struct visit *visit);

#endif
