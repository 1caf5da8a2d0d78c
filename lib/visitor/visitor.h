/*
 * What is under /account for people who are not signed in: the links that they were sent, a
 * forgotten password, and registration.
 */
#ifndef VISITOR_H
#define VISITOR_H

#include "serve/route.h"

/* ---- /account/link: every kind of link (store/links.h) ---- */

/* Anyone; what comes of an address that holds a secret names it in no Referer. */
route_check link_visitor;

/* The token of the form that this browser was shown for the link that it holds. */
route_check link_form_token;

/*
 * GET with ?token=: one that holds goes into a cookie, and the browser to the bare address;
 * any other is told what is wrong with it. GET without: the form for the link in the cookie.
 * Neither uses anything up.
 */
void link_show(struct app *app, const struct request *req, struct response *res,
	       const struct visit *visit);

/* POST: use it up, with its effect. A refusal leaves it as it was. */
void link_post(struct app *app, const struct request *req, struct response *res,
	       const struct visit *visit);

/* ---- /account/forgot and /account/register ---- */

/* 404 where the site does not offer it (page/ways_in.h); a form must be of our own page. */
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
 * Keep what was typed for the worker (mail/mail_request.h), and look nobody up: status, body
 * and work are the same whoever it names.
 */
void forgot_post(struct app *app, const struct request *req, struct response *res,
		 const struct visit *visit);
void register_post(struct app *app, const struct request *req, struct response *res,
		   const struct visit *visit);

#endif
