/* The form behind a link, one for all kinds. */
#ifndef LINK_FORM_H
#define LINK_FORM_H

#include "visitor/link_words.h"

#define LINK_FORM_PURPOSE "link" /* purpose of its token: access/csrf.h */

struct link_form {
	int status;
	const char *problem; /* a phrase's key, or NULL */
	bool name_wrong, mail_wrong, password_wrong, repeat_wrong; /* what it is about */
	struct str name, mail; /* as they were typed */
};

/*
 * Send the form of a link that is LINK_SHOWN_GOOD. Its token is good only together
 * with the link in this browser's cookie: `text`.
 */
void link_form_send(struct app *app, const struct request *req, struct response *res,
		    const struct link_shown *shown, struct str text,
		    const struct link_form *form);

#endif
