/*
 * /oauth: other programs use the login of this site (OpenID Connect, OAuth 2.1). It
 * signs what they get. It holds no password and no factor, and it lets nobody log in:
 * that is done at /login.
 */
#include "access/canonical.h"
#include "access/visitors.h"
#include "base/embedded.h"
#include "config/config.h"
#include "config/roles/db_roles.h"
#include "oauth/authorize/authorize.h"
#include "oauth/logout/logout_handlers.h"
#include "oauth/token/token_handlers.h"
#include "page/page_power.h"
#include "page/page_refuse.h"
#include "serve/power_database.h"
#include "serve/power_session.h"
#include "serve/power_sign.h"
#include "serve/serve.h"
#include "upkeep/upkeep.h"

static const struct route routes[] = {
	{ "/authorize", ROUTE_GET, authorize_get, .who = visitor_anyone },
	{ "/authorize", ROUTE_POST, authorize_post, .who = visitor_anyone },
	{ "/consent", ROUTE_POST, authorize_consent, .who = authorize_owner,
	  .body = ROUTE_FORM,
	  .fields = { { "form_token", 256 }, { "id", 36 }, { "do", 16 } } },
	{ "/token", ROUTE_POST, token_post, .who = visitor_anyone, .body = ROUTE_FORM,
	  .fields = { { "grant_type", 64 },
		      { "client_id", 256 },
		      { "client_secret", 256 },
		      { "code" },
		      { "redirect_uri", 2048 },
		      { "code_verifier", 256 },
		      { "refresh_token" },
		      { "scope", 1024 } } },
	{ "/userinfo", ROUTE_GET | ROUTE_POST, token_userinfo, .who = visitor_anyone },
	{ "/revoke", ROUTE_POST, token_revoke, .who = visitor_anyone, .body = ROUTE_FORM,
	  .fields = { { "token" },
		      { "token_type_hint", 64 },
		      { "client_id", 256 },
		      { "client_secret", 256 } } },
	{ "/end-session", ROUTE_GET, logout_get, .who = visitor_anyone,
	  .fields = { { "id_token_hint" },
		      { "client_id" },
		      { "post_logout_redirect_uri" },
		      { "state" } } },
	{ "/end-session", ROUTE_POST, logout_post, .who = visitor_anyone,
	  .body = ROUTE_FORM,
	  .fields = { { "id_token_hint" },
		      { "client_id" },
		      { "post_logout_redirect_uri" },
		      { "state" } } },
	{ NULL },
};

/* Where the setting is off there is nothing here. */
static bool
begin(struct app *app, const struct request *req, struct response *resp)
{
	if (app->config->oauth)
		return canonical_redirect(app, req, resp) || token_before(app, req, resp);
	serve_error(app, req, resp, 404, "not_found", "there is nothing here");
	return true;
}

int
main(int argc, char **argv)
{
	static const struct embedded_folder share[] = {
		{ "oauth", embedded_share_oauth },
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
