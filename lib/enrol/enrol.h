/*
 * The handlers of /login/factor: people set up a factor, and make new recovery codes.
 * cgi-bin/login.c has their rows. There are three ways in:
 *
 *   a login     the password was right, and a factor is required of a user who has none
 *               (the ticket of the flow is in a cookie). The session opens afterwards.
 *   a link      mailed to the verified address (kind factor). It sets up and opens no
 *               session.
 *   a session   with a recent login, and a recent proof of a factor if there is one.
 *               It has proven the new factor afterwards.
 */
#ifndef ENROL_H
#define ENROL_H

#include "http/request.h"
#include "http/response.h"
#include "serve/route.h"

/* For the row of GET: an address with ?token= must not appear in a Referer. */
bool enrol_visitor(struct app *app, const struct request *req, struct response *res,
		   struct visit *visit);

void enrol_get(struct app *app, const struct request *req, struct response *res,
	       const struct visit *visit);

/* The form's token is bound to the link, to the flow or to the session. */
bool enrol_form_token(struct app *app, const struct request *req, struct response *res,
		      struct visit *visit);
void enrol_post(struct app *app, const struct request *req, struct response *res,
		const struct visit *visit);

#endif
