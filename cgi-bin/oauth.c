/*
 * /oauth: other programs use the login of this site (OpenID Connect, OAuth 2.1). It
 * signs what they get. It holds no password and no factor, and it lets nobody log in:
 * that is done at /login.
 */
#include "access/canonical.h"
#include "base/embedded.h"
#include "config/config.h"
#include "config/roles/db_roles.h"
#include "page/page_power.h"
#include "page/page_refuse.h"
#include "serve/power_database.h"
#include "serve/power_session.h"
#include "serve/power_sign.h"
#include "serve/serve.h"
#include "upkeep/upkeep.h"

static const struct route routes[] = {
	{ NULL },
};

/* Where the setting is off there is nothing here. */
static bool
begin(struct app *app, const struct request *req, struct response *resp)
{
	if (app->config->oauth)
		return canonical_redirect(app, req, resp);
	serve_error(app, req, resp, 404, "not_found", "there is nothing here");
	return true;
}

int
main(int argc, char **argv)
{
	static const struct embedded_folder share[] = {
		{ NULL },
	};
	static const struct program program = {
		.name = "oauth",
		.manual = true,
		.routes = routes,
		.before = begin,
		.duty = &upkeep_duty,
		.powers = { &power_pages, &power_sign, &power_verify, &power_session,
			    &power_database, &power_upkeep },
		.role = DB_ROLE_OAUTH,
		.error = page_refuse,
		.share = share,
	};

	return serve(argc, argv, &program);
}
