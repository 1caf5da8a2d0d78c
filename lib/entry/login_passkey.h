/*
 * Passkeys at the login: what the pages and the script are given, and the site's
 * policy for the rooms below.
 */
#ifndef LOGIN_PASSKEY_H
#define LOGIN_PASSKEY_H

#include "base/buf.h"
#include "http/request.h"
#include "http/response.h"
#include "passkey/passkey.h"
#include "serve/app.h"

/* False: the site can have no passkeys (config/config_passkey.h), and there is no page. */
bool login_has_passkeys(const struct app *app);

/* From the settings. Borrows from `app`. */
struct passkey_site login_passkey_site(struct app *app);

/*
 * Append the options with which the browser with the form cookie `bound` asks for a
 * passkey of `user` as JSON; `user` empty: for any, without a statement. The page gets
 * the script. Nothing is appended if there is none to ask for.
 */
enum err login_passkey_options(struct app *app, struct response *res, struct str bound,
			       struct str user, struct buf *json);

#endif
