/*
 * /protected: who you are, as a page for a browser and as JSON for any other.
 * It verifies and nothing else: no database, no key that could sign.
 */
#include "access/canonical.h"
#include "access/visitors.h"
#include "base/embedded.h"
#include "http/accept.h"
#include "page/page.h"
#include "page/page_power.h"
#include "page/page_refuse.h"
#include "serve/serve.h"
#include "json/json.h"

static void
answer_json(const struct identity *who, struct response *resp)
{
	struct buf *json = &resp->body;

	json_put_open(json, '{');
	json_put_member(json, "id", who->id);
	json_put_member(json, "name", who->name);
	json_put_member(json, "issuer", who->claims->iss);
	json_put_name(json, "roles");
	json_put_open(json, '[');
	for (size_t i = 0; i < who->n_roles; i++)
		json_put_str(json, who->roles[i]);
	json_put_close(json, ']');
	json_put_member_int(json, "expires", who->expires);
	json_put_name(json, "claims");
	json_put_raw(json, buf_str(&who->claims->payload));
	json_put_close(json, '}');
	buf_addc(json, '\n');
	resp->failed = resp->failed || json->failed;
	response_finish(resp, 200, "application/json");
}

static void
answer_html(struct app *app, const struct request *req, const struct identity *who,
	    struct response *resp)
{
	struct template_field role[CLAIMS_ROLES];
	struct template_scope roles[CLAIMS_ROLES];
	struct moment until;
	struct page page;

	app_page(app, req, "protected", &page);
	page_text(&page, "username", who->name);
	page_text(&page, "subject", who->id);
	page_roles(&page, who->roles, who->n_roles, role, roles);
	page_time(&page, "expires", who->expires, &until);
	page_send(&page, 200, resp);
}

static void
show(struct app *app, const struct request *req, struct response *resp,
     const struct visit *visit)
{
	response_header_add(resp, "Vary", STR("Accept"));
	if (accept_html(req))
		answer_html(app, req, &visit->who, resp);
	else
		answer_json(&visit->who, resp);
}

static const struct route routes[] = {
	{ "", ROUTE_GET | ROUTE_POST, show, .who = visitor_signed_in, .cors = true },
	{ "/", ROUTE_GET | ROUTE_POST, show, .who = visitor_signed_in, .cors = true },
	{ NULL },
};

int
main(int argc, char **argv)
{
	static const struct embedded_folder share[] = {
		{ "protected", embedded_share_protected },
		{ NULL },
	};
	static const struct program program = {
		.name = "protected",
		.manual = true,
		.routes = routes,
		.before = canonical_redirect,
		.powers = { &power_verify, &power_pages },
		.error = page_refuse,
		.share = share,
	};

	return serve(argc, argv, &program);
}
