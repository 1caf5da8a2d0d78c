/*
 * What /account/forgot and /account/register have in common: one form with one field, whose
 * content is kept for the worker.
 */
#ifndef ASK_H
#define ASK_H

#include "http/request.h"
#include "http/response.h"
#include "serve/app.h"
#include "visitor/note.h"

#define ASK_MAX 255 /* bytes that may be typed: MAIL_REQUEST_TYPED */

/* The form, again with what was wrong with it. */
struct ask_form {
	int status;
	const char *problem; /* a phrase's key, or NULL */
	struct str typed;
	int64_t wait; /* seconds, for a problem that says how long */
};

/*
 * Keep what is typed in the form, if it has no problem yet. A network address that has asked
 * too often has to wait: then nothing is stored, the status is 429 and `wait` the seconds. No
 * other thing is asked of the database than to store it.
 */
enum err ask_keep(struct app *app, const struct request *req, struct response *res,
		  const char *request, struct ask_form *form, struct why *why);

#endif
