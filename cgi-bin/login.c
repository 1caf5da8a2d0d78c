/*
 * /login: forms, tokens and sessions. The only program that holds the signing
 * key. Routes on PATH_INFO, which follows /login.
 */
#include "access/canonical.h"
#include "login/login_handlers.h"
#include "page/page_power.h"
#include "page/page_refuse.h"
#include "serve/serve.h"

struct route {
	const char *path;
	const char *allow;
	void (*get)(struct app *app, const struct request *req, struct response *res);
	void (*post)(struct app *app, const struct request *req, struct response *res);
};

static const struct route routes[] = {
	{ "", "GET, HEAD, POST", login_get, login_post },
	{ "/refresh", "POST", NULL, login_refresh },
	{ "/logout", "POST", NULL, login_logout },
	{ "/goodbye", "GET, HEAD", login_goodbye, NULL },
	{ "/health", "GET, HEAD", login_health, NULL },
};

static void
refuse_method(struct app *app, const struct request *req, struct response *res,
	      const char *allow)
{
	response_headerz(res, "Allow", allow);
	serve_error(app, req, res, 405, "method_not_allowed",
		    "this address does not take that method");
}

static void
handle(struct app *app, const struct request *req, struct response *res)
{
	if (canonical_redirect(app->config, req, res))
		return;
	for (size_t i = 0; i < sizeof(routes) / sizeof(*routes); i++) {
		const struct route *r = &routes[i];

		if (!str_is(req->path, r->path))
			continue;
		if (r->get != NULL && request_is_read(req))
			r->get(app, req, res);
		else if (r->post != NULL && request_is(req, "POST"))
			r->post(app, req, res);
		else
			refuse_method(app, req, res, r->allow);
		return;
	}
	if (!login_asset(app, req, res))
		serve_error(app, req, res, 404, "not_found", "there is nothing here");
	else if (!request_is_read(req))
		refuse_method(app, req, res, "GET, HEAD");
}

int
main(int argc, char **argv)
{
	static const struct program program = {
		.name = "login",
		.handle = handle,
		.powers = { &power_pages, &power_sign, &power_session, &power_database },
		.error = page_refuse,
		.cors = "POST",
	};

	return serve(argc, argv, &program);
}
