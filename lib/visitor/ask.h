/*
 * Shared by /account/forgot and /account/register: a form with one field, whose
 * content is stored for the worker.
 */
#ifndef ASK_H
#define ASK_H

#include "http/request.h"
#include "http/response.h"
#include "serve/app.h"
#include "visitor/note.h"

#define ASK_MAX 255 /* bytes that may be typed: MAIL_REQUEST_TYPED */

/* Show the form again, with what was wrong. */
struct ask_form {
	int status;
	const char *problem; /* a phrase's key, or NULL */
	struct str typed;
	int64_t wait; /* seconds, for a problem that says how long to wait */
};

/*
 * Store the text of the form, if the form has no problem yet. A network address that
 * has asked too often must wait: then nothing is stored, the status is 429, and `wait`
 * is the number of seconds. The database is asked for nothing else.
 */
enum err ask_keep(struct app *app, const struct request *req, struct response *res,
		  const char *request, struct ask_form *form, struct why *why);

#endif
