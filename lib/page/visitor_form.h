/*
 * Forms for people who are not signed in. Their tokens (access/csrf.h) are bound to
 * the form cookie, which a browser gets with its first form.
 */
#ifndef VISITOR_FORM_H
#define VISITOR_FORM_H

#include "base/buf.h"
#include "http/request.h"
#include "http/response.h"
#include "serve/app.h"

/*
 * Append what ties a form to this browser: its form cookie, or a new one, which `res`
 * then sets. Call this once for an answer.
 */
enum err visitor_form_binding(struct app *app, const struct request *req,
			      struct response *res, struct buf *bound);

/* Append a token for the form `purpose` of the browser `bound`. */
enum err visitor_form_token(struct app *app, const char *purpose, struct str bound,
			    struct buf *token);

/* Both: append a token for the form `purpose`. A browser without a cookie gets one. */
enum err visitor_form_issue(struct app *app, const struct request *req,
			    struct response *res, const char *purpose, struct buf *token);

/* Zero refuses. */
enum visitor_form {
	VISITOR_FORM_STALE = 0,  /* too old, or of another form or another browser */
	VISITOR_FORM_NO_COOKIES, /* the browser brought no form cookie */
	VISITOR_FORM_GOOD
};

/* The form cookie that the browser brought; empty: none. */
struct str visitor_form_brought(const struct app *app, const struct request *req);

/* Is `token` for this form and this browser? A refusal is logged. */
enum visitor_form visitor_form_check(struct app *app, const struct request *req,
				     const char *purpose, struct str token);

#endif
