/*
 * POST /login/passkey/begin: a challenge for a browser that wants to sign in by a
 * passkey. No statement is made.
 */
#include "entry/login_passkey.h"
#include "login/login_handlers.h"
#include "page/visitor_form.h"
#include "serve/serve.h"
#include "json/json.h"

#define OPTIONS_MAX 1024 /* bytes; they name no passkey */

static void
begin(struct app *app, const struct request *req, struct response *res)
{
	struct buf bound, options, json;
	enum err e;

	buf_init(&bound, 256);
	buf_init(&options, OPTIONS_MAX);
	buf_init(&json, OPTIONS_MAX);
	e = visitor_form_binding(app, req, res, &bound);
	if (e == ERR_OK)
		e = login_passkey_options(app, res, buf_str(&bound), STR(""), &options);
	json_put_open(&json, '{');
	json_put_name(&json, "publicKey");
	json_put_raw(&json, buf_str(&options));
	json_put_close(&json, '}');
	if (e == ERR_OK && json.failed)
		e = ERR_MEMORY;
	if (e == ERR_OK)
		response_json(res, 200, buf_str(&json));
	else
		serve_unavailable(app, req, res, e);
	buf_done(&bound);
	buf_done(&options);
	buf_done(&json);
}

void
login_passkey_begin(struct app *app, const struct request *req, struct response *res,
		    const struct visit *visit)
{
	(void)visit;
	if (login_has_passkeys(app))
		begin(app, req, res);
	else
		serve_error(app, req, res, 404, "not_found", "this site has no passkeys");
}
