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

static bool
is_preflight(const struct request *req)
{
	return request_is(req, "OPTIONS") && request_env(req, "HTTP_ORIGIN").n > 0 &&
	       request_env(req, "HTTP_ACCESS_CONTROL_REQUEST_METHOD").n > 0;
}

static void
answer_preflight(struct app *app, const struct request *req, struct response *res,
		 const char *methods)
{
	struct str origin = token_origin(req);
	struct why why = { "" };
	bool known = false;
	enum err e = ERR_OK;

	if (origin.n > 0)
		e = oauth_origin_known(app_db(app), origin, &known, &why);
	if (e == ERR_OK)
		token_let_read(req, res, known, methods);
	else
		token_unavailable(app, req, res, e, &why);
}

bool
token_before(struct app *app, const struct request *req, struct response *res)
{
	const char *methods = methods_of(req->path);

	if (methods == NULL)
		return false;
	response_headerz(res, "Vary", "Origin");
	response_headerz(res, "Pragma", "no-cache"); /* RFC 6749, 5.1 */
	if (!is_preflight(req))
		return false;
	answer_preflight(app, req, res, methods);
	return true;
}
