/*
 * The access token of a session.
 */
#ifndef LOGIN_TOKEN_H
#define LOGIN_TOKEN_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "serve/app.h"
#include "store/sessions.h"

/* As token_issue, for a session as the database describes it. */
enum err login_token(struct app *app, const struct session *session, int64_t life,
		     struct buf *out, int64_t *expires_in, struct why *why);

#endif
