/* A page that reports a result and says what to do next. */
#ifndef NOTE_H
#define NOTE_H

#include "http/request.h"
#include "http/response.h"
#include "serve/app.h"

/* All but `status` and `target` are keys of phrases. */
struct note {
	int status;
	const char *heading;
	const char *lead;
	const char *next;   /* what to do; NULL: the button says it */
	const char *target; /* the address of the button */
	const char *button;
};

void note_send(struct app *app, const struct request *req, struct response *res,
	       const struct note *note);

/* 403: the form came without its cookie. `target` is its page. */
void note_send_no_cookies(struct app *app, const struct request *req,
			  struct response *res, const char *target);

/* 503, with the reason in the log. */
void note_unavailable(struct app *app, const struct request *req, struct response *res,
		      enum err e, const struct why *why);

#endif
