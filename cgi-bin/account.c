/*
 * /account: what people see and do about their own account. It holds neither a
 * signing key nor the login's rights in the database.
 */
#include "account/account.h"
#include "access/canonical.h"
#include "access/visitors.h"
#include "base/embedded.h"
#include "config/roles/db_roles.h"
#include "page/page_power.h"
#include "page/page_refuse.h"
#include "serve/serve.h"
#include "upkeep/upkeep.h"
#include "visitor/visitor.h"
#include "worker/worker.h"

#define FORM_TOKEN                                                                       \
	{                                                                                \
		"form_token", 256                                                        \
	}

/* New passwords have limits of their own, of which the form itself speaks. */
static const struct route routes[] = {
	{ "", ROUTE_GET, account_show, .who = account_owner },
	{ "/end", ROUTE_POST, account_end, .who = account_owner, .body = ROUTE_FORM,
	  .token = account_form_token,
	  .fields = { FORM_TOKEN, { "session", 36 }, { "others", 16 } } },
	{ "/password", ROUTE_GET, account_password_show, .who = account_owner,
	  .fresh = account_may_set_password },
	{ "/password", ROUTE_POST, account_password_post, .who = account_owner,
	  .body = ROUTE_FORM, .token = account_form_token,
	  .fresh = account_may_set_password,
	  .fields = { FORM_TOKEN,
		      { "current" },
		      { "next" },
		      { "repeat" },
		      { "end_tokens", 16 } } },
	{ "/link", ROUTE_GET, link_show, .who = link_visitor,
	  .fields = { { "token" }, { "done", 16 } } },
	{ "/link", ROUTE_POST, link_post, .who = visitor_own_page, .body = ROUTE_FORM,
	  .token = link_form_token,
	  .fields = { FORM_TOKEN,
		      { "username" },
		      { "address" },
		      { "password" },
		      { "repeat" },
		      { "passkey", 16 } } },
	{ "/forgot", ROUTE_GET, forgot_show, .who = forgot_visitor,
	  .fields = { { "done", 16 } } },
	{ "/forgot", ROUTE_POST, forgot_post, .who = forgot_own_page, .body = ROUTE_FORM,
	  .token = forgot_form_token, .fields = { FORM_TOKEN, { "who" } } },
	{ "/register", ROUTE_GET, register_show, .who = register_visitor,
	  .fields = { { "done", 16 } } },
	{ "/register", ROUTE_POST, register_post, .who = register_own_page,
	  .body = ROUTE_FORM, .token = register_form_token,
	  .fields = { FORM_TOKEN, { "address" } } },
	{ "/profile", ROUTE_GET, account_profile_show, .who = account_owner },
	{ "/profile", ROUTE_POST, account_profile_post, .who = account_owner,
	  .body = ROUTE_FORM, .token = account_form_token,
	  .fields = { FORM_TOKEN, { "display_name" }, { "language", 16 } } },
	{ "/factors", ROUTE_GET, account_factors_show, .who = account_owner },
	{ "/factor", ROUTE_GET, account_factor_show, .who = account_owner,
	  .fresh = account_is_proven, .fields = { { "id", 36 } } },
	{ "/factor", ROUTE_POST, account_factor_post, .who = account_owner,
	  .body = ROUTE_FORM, .token = account_form_token, .fresh = account_is_proven,
	  .fields = { FORM_TOKEN, { "do", 16 }, { "id", 36 }, { "name" } } },
	{ "/tokens", ROUTE_GET, account_tokens_show, .who = account_owner },
	{ "/tokens", ROUTE_POST, account_tokens_post, .who = account_owner,
	  .body = ROUTE_FORM, .token = account_form_token,
	  .fields = { FORM_TOKEN, { "token", 36 } } },
	{ "/apps", ROUTE_GET, account_apps_show, .who = account_owner },
	{ "/apps", ROUTE_POST, account_apps_post, .who = account_owner,
	  .body = ROUTE_FORM, .token = account_form_token,
	  .fields = { FORM_TOKEN, { "client", 64 } } },
	{ "/address", ROUTE_GET, account_address_show, .who = account_has_mail,
	  .fresh = account_is_fresh },
	{ "/address", ROUTE_POST, account_address_post, .who = account_has_mail,
	  .body = ROUTE_FORM, .token = account_form_token, .fresh = account_is_fresh,
	  .fields = { FORM_TOKEN, { "mail" } } },
	{ "/data", ROUTE_GET, account_data, .who = account_owner },
	{ "/delete", ROUTE_GET, account_delete_show, .who = account_owner,
	  .fresh = account_is_fresh },
	{ "/delete", ROUTE_POST, account_delete_post, .who = account_owner,
	  .body = ROUTE_FORM, .token = account_form_token, .fresh = account_is_fresh,
	  .fields = { FORM_TOKEN, { "sure", 16 } } },
	{ "/gone", ROUTE_GET, account_gone, .who = visitor_anyone },
	{ NULL },
};

/* Whatever is done here may have to be told by mail. */
static bool
begin(struct app *app, const struct request *req, struct response *resp)
{
	worker_wake(app);
	return canonical_redirect(app, req, resp);
}

int
main(int argc, char **argv)
{
	static const struct embedded_folder share[] = {
		{ "account", embedded_share_account },
		{ NULL },
	};
	static const struct program program = {
		.name = "account",
		.manual = true,
		.routes = routes,
		.before = begin,
		.after = worker_after,
		.duty = &upkeep_duty,
		.powers = { &power_pages, &power_verify, &power_session, &power_links,
			    &power_database, &power_upkeep },
		.role = DB_ROLE_ACCOUNT,
		.error = page_refuse,
		.share = share,
	};

	return serve(argc, argv, &program);
}
