/*
 * /account: what people see and do about their own account. It holds neither a
 * signing key nor the login's rights in the database. Routes on PATH_INFO.
 */
#include "account/account.h"
#include "access/canonical.h"
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
	{ "", "GET, HEAD", account_show, NULL },
	{ "/end", "POST", NULL, account_end },
	{ "/password", "GET, HEAD, POST", account_password_show, account_password_post },
};

static void
handle(struct app *app, const struct request *req, struct response *res)
{
	if (canonical_redirect(app->config, req, res))
		return;
	for (size_t i = 0; i < sizeof(routes) / sizeof(*routes); i++) {
		const struct route *r = &routes[i];

		if (!str_is(req->path, r->path))
			continue;
		if (r->get != NULL && request_is_read(req)) {
			r->get(app, req, res);
		} else if (r->post != NULL && request_is(req, "POST")) {
			r->post(app, req, res);
		} else {
			response_headerz(res, "Allow", r->allow);
			serve_error(app, req, res, 405, "method_not_allowed",
				    "this address does not take that method");
		}
		return;
	}
	serve_error(app, req, res, 404, "not_found", "there is nothing here");
}

int
main(int argc, char **argv)
{
	static const struct program program = {
		.name = "account",
		.handle = handle,
		.powers = { &power_pages, &power_verify, &power_session,
			    &power_database },
		.error = page_refuse,
	};

	return serve(argc, argv, &program);
}
