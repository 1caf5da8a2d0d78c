/*
 * The one form behind a link.
 */
#ifndef LINK_FORM_H
#define LINK_FORM_H

#include "visitor/link_words.h"

#define LINK_FORM_PURPOSE "link" /* of its token: access/csrf.h */

struct link_form {
	int status;
	const char *problem;                           /* a phrase's key, or NULL */
	bool name_wrong, password_wrong, repeat_wrong; /* what it is about */
	struct str name;                               /* as it was typed */
};

/*
 * Send the form of a link that is LINK_SHOWN_GOOD, with a token that is good with the link in
 * this browser's cookie only: `text`.
 */
void link_form_send(struct app *app, const struct request *req, struct response *res,
		    const struct link_shown *shown, struct str text,
		    const struct link_form *form);

#endif
