/*
 * Scripts of other origins: a browser asks before it sends their requests. The origins
 * are those of the redirect URIs of our clients, not those of cors_origins, and none of
 * them gets to use a cookie here.
 */
#include "oauth/token/token_answer.h"
#include "oauth/token/token_handlers.h"
#include "serve/power_database.h"

/* NULL: an address that scripts do not ask. */
static const char *
methods_of(struct str path)
{
	static const struct {
		const char *path, *methods;
	} rows[] = {
		{ "/token", "POST" },
		{ "/revoke", "POST" },
		{ "/userinfo", "GET, HEAD, POST" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (str_is(path, rows[i].path))
			return rows[i].methods;
	return NULL;
}

/* True if it is answered. An OPTIONS without the headers of a preflight is none. */
static bool
answer_options(struct app *app, const struct request *req, struct response *res,
	       const char *methods)
{
	struct str origin = token_origin(req);
	struct why why = { "" };
	bool known = false;
	enum err e = ERR_OK;

	if (origin.n > 0)
		e = oauth_origin_known(app_db(app), origin, &known, &why);
	if (e == ERR_OK)
		return token_let_read(req, res, known, methods);
	token_unavailable(app, req, res, e, &why);
	return true;
}

bool
token_before(struct app *app, const struct request *req, struct response *res)
{
	const char *methods = methods_of(req->path);

	if (methods == NULL)
		return false;
	response_headerz(res, "Vary", "Origin");
	response_headerz(res, "Pragma", "no-cache"); /* RFC 6749, 5.1 */
	return request_is(req, "OPTIONS") && answer_options(app, req, res, methods);
}
