/* The session that the browser of a request shows with its access token. */
#ifndef LOGIN_SESSION_H
#define LOGIN_SESSION_H

#include "http/request.h"
#include "serve/app.h"
#include "store/sessions.h"

/*
 * The user and the sid of the access token in the cookie. False if it is not a good
 * token of a login. Whether the session is still open is for the database to say.
 */
bool login_session_of(struct app *app, const struct request *req, char user[UUID_SIZE],
		      char sid[UUID_SIZE]);

#endif
