/*
 * /login: forms, tokens and sessions. With oauth.c the only program that holds the signing
 * keys, and the only one that lets people in.
 */
#include "access/canonical.h"
#include "access/visitors.h"
#include "base/embedded.h"
#include "config/roles/db_roles.h"
#include "enrol/enrol.h"
#include "factor/factor_power.h"
#include "login/login_handlers.h"
#include "page/page_power.h"
#include "page/page_refuse.h"
#include "program/program.h"
#include "second/second_handlers.h"
#include "serve/serve.h"
#include "upkeep/upkeep.h"
#include "worker/worker.h"

/* Name and password have limits of their own, of which the form itself speaks. */
static const struct route routes[] = {
	{ "", ROUTE_GET, login_get, .who = visitor_anyone, .policy = RESPONSE_LEADS_AWAY,
	  .fields = { { "return_to" },
		      { "need", 16 },
		      { "other", 16 },
		      { "done", 16 } } },
	{ "", ROUTE_POST, login_post_json, .who = visitor_anyone, .body = ROUTE_JSON,
	  .cors = true },
	{ "", ROUTE_POST, login_post_form, .who = visitor_own_page, .body = ROUTE_FORM,
	  .token = login_form_token, .policy = RESPONSE_LEADS_AWAY, .cors = true,
	  .fields = { { "username" },
		      { "password" },
		      { "return_to" },
		      { "form_token", 256 },
		      { "remember", 16 } } },
	{ "/mfa", ROUTE_GET, login_mfa_get, .who = visitor_anyone,
	  .policy = RESPONSE_LEADS_AWAY, .fields = { { "return_to" }, { "need", 16 } } },
	{ "/mfa", ROUTE_POST, login_mfa_json, .who = visitor_anyone, .body = ROUTE_JSON,
	  .cors = true },
	{ "/mfa", ROUTE_POST, login_mfa_form, .who = visitor_own_page, .body = ROUTE_FORM,
	  .token = login_mfa_token, .policy = RESPONSE_LEADS_AWAY, .cors = true,
	  .fields = { { "code", 64 },
		      { "recovery_code", 128 },
		      { "passkey" },
		      { "return_to" },
		      { "need", 16 },
		      { "form_token", 256 },
		      { "remember_device", 16 } } },
	{ "/factor", ROUTE_GET, enrol_get, .who = enrol_visitor,
	  .policy = RESPONSE_LEADS_AWAY,
	  .fields = { { "token", 256 },
		      { "return_to" },
		      { "step", 16 },
		      { "done", 16 } } },
	{ "/factor", ROUTE_POST, enrol_post, .who = visitor_own_page, .body = ROUTE_FORM,
	  .token = enrol_form_token, .policy = RESPONSE_LEADS_AWAY,
	  .fields = { { "do", 16 },
		      { "code", 64 },
		      { "passkey" },
		      { "name", 400 },
		      { "return_to" },
		      { "form_token", 256 } } },
	/* and a field `role` for each role; the handler reads them */
	{ "/token", ROUTE_POST, program_post, .who = visitor_own_page, .body = ROUTE_FORM,
	  .token = program_form_token,
	  .fields = { { "form_token", 256 },
		      { "label", 400 },
		      { "prefix" },
		      { "days", 16 } } },
	{ "/passkey/begin", ROUTE_POST, login_passkey_begin, .who = visitor_anyone,
	  .body = ROUTE_JSON, .cors = true },
	{ "/passkey/finish", ROUTE_POST, login_passkey_json, .who = visitor_anyone,
	  .body = ROUTE_JSON, .cors = true },
	{ "/passkey/finish", ROUTE_POST, login_passkey_form, .who = visitor_own_page,
	  .body = ROUTE_FORM, .policy = RESPONSE_LEADS_AWAY, .cors = true,
	  .fields = { { "passkey" }, { "return_to" }, { "remember", 16 } } },
	{ "/refresh", ROUTE_POST, login_refresh_cookie, .who = visitor_anyone,
	  .body = ROUTE_EMPTY, .cors = true },
	{ "/refresh", ROUTE_POST, login_refresh_json, .who = visitor_anyone,
	  .body = ROUTE_JSON, .cors = true },
	{ "/logout", ROUTE_POST, login_logout, .who = visitor_anyone, .body = ROUTE_EMPTY,
	  .cors = true },
	{ "/logout", ROUTE_POST, login_logout, .who = visitor_anyone, .body = ROUTE_JSON,
	  .cors = true },
	{ "/logout", ROUTE_POST, login_logout, .who = visitor_anyone, .body = ROUTE_FORM,
	  .fields = { { "return_to" } }, .cors = true },
	{ "/goodbye", ROUTE_GET, login_goodbye, .who = visitor_anyone },
	{ "/health", ROUTE_GET, login_health, .who = visitor_anyone },
	{ "/doorward-*", ROUTE_GET, login_asset, .who = visitor_anyone },
	{ NULL },
};

int
main(int argc, char **argv)
{
	static const struct embedded_folder share[] = {
		{ "login", embedded_share_login },
		{ NULL },
	};
	static const struct program program = {
		.name = "login",
		.manual = true,
		.routes = routes,
		.before = canonical_redirect,
		.after = worker_after,
		.duty = &upkeep_duty_with_keys,
		.powers = { &power_pages, &power_sign, &power_session, &power_database,
			    &power_links, &power_factors, &power_upkeep },
		.role = DB_ROLE_LOGIN,
		.error = page_refuse,
		.share = share,
	};

	return serve(argc, argv, &program);
}
