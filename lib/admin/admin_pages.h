/*
 * What the pages of /admin have in common: who may use them, and their frame.
 * cgi-bin/admin.c has the rows; the handlers are in the rooms below this one.
 */
#ifndef ADMIN_PAGES_H
#define ADMIN_PAGES_H

#include "page/page.h"
#include "serve/route.h"
#include "store/admin/admin.h"

#define ADMIN_FORM_PURPOSE "admin" /* of form tokens: access/csrf.h */
#define ADMIN_SECTIONS 6

/* ---- checks that a row names (admin_visit.c) ---- */

/*
 * An admin who has signed in here, with a browser and a short time ago. The database
 * decides (admin_find). `visit->found` is their struct admin. Tokens of programs get
 * 401, people without an admin role 403. A browser whose login is too old is sent to
 * the login, and then back.
 */
route_check admin_visitor;

/* The token of our form, made for this session. */
route_check admin_form_token;

/* ---- shared by the handlers ---- */

/* The admin that admin_visitor has found. */
const struct admin *admin_of(const struct visit *visit);

/*
 * The database has refused the admin: the answer of admin_visitor. Between the check
 * and the call, a session may end and a role may be taken away.
 */
void admin_refused(struct app *app, const struct request *req, struct response *res,
		   enum admin_refusal refusal);

/* 503, with the reason in the log. */
void admin_unavailable(struct app *app, const struct request *req, struct response *res,
		       enum err e, const struct why *why);

/* A page with its form token and the links to all sections. */
struct admin_frame {
	struct page page;
	struct buf token;
	struct template_field fields[ADMIN_SECTIONS][3];
	struct template_scope scopes[ADMIN_SECTIONS];
};

/*
 * Begin the page `name`; the handler adds its values to `frame->page` and sends it.
 * The page shows what has just been done if the query says so (admin_led). After an
 * error nothing must be sent but admin_unavailable. Call admin_frame_done in any case.
 */
enum err admin_page(struct app *app, const struct request *req, const struct visit *visit,
		    const char *name, struct admin_frame *frame);
void admin_frame_done(struct admin_frame *frame);

/*
 * After a form: lead to the page `url` (which may have a query), which then shows the
 * phrase "admin.DONE". `done` is one of the words that admin_page knows.
 */
void admin_led(struct response *res, struct str url, const char *done);

#endif
