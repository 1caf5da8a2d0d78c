/*
 * /protected: who you are, as a page for a browser and as JSON for any other.
 * It verifies and nothing else: no database, no key that could sign.
 */
#include <time.h>

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

static struct str
utc(int64_t seconds, char *to, size_t size)
{
	time_t t = (time_t)seconds;
	struct tm tm;

	if (gmtime_r(&t, &tm) == NULL)
		return STR("?");
	return (struct str){ to, strftime(to, size, "%Y-%m-%d %H:%M UTC", &tm) };
}

static void
answer_html(struct app *app, const struct request *req, const struct identity *who,
	    struct response *resp)
{
	struct template_field role[CLAIMS_ROLES];
	struct template_scope roles[CLAIMS_ROLES];
	struct page page;
	char until[64];

	for (size_t i = 0; i < who->n_roles; i++) {
		role[i] = (struct template_field){ "role", .kind = TEMPLATE_TEXT,
						   .text = who->roles[i] };
		roles[i] = (struct template_scope){ &role[i], 1 };
	}
	app_page(app, req, "protected", &page);
	page_text(&page, "username", who->name);
	page_text(&page, "subject", who->id);
	page_list(&page, "roles", roles, who->n_roles);
	page_text(&page, "expires", utc(who->expires, until, sizeof(until)));
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
		.routes = routes,
		.before = canonical_redirect,
		.powers = { &power_verify, &power_pages },
		.error = page_refuse,
		.share = share,
	};

	return serve(argc, argv, &program);
}
