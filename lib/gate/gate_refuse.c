/* The answers to refused requests. */
#include "access/basic.h"
#include "access/canonical.h"
#include "access/step_up.h"
#include "gate/gate.h"
#include "http/accept.h"
#include "http/authenticate.h"
#include "http/target.h"
#include "page/page.h"
#include "page/page_power.h"
#include "serve/serve.h"

/* The login is good, but something is missing. */
static void
refuse_login(const struct gate *g, struct app *app, struct response *resp, enum need need)
{
	const struct rule *r = g->verdict.rule;
	struct step_up wanted = { .acr = ACR_NONE };

	if (r != NULL)
		wanted = (struct step_up){ r->proved, r->login_within };
	step_up_refuse(app, &g->asked, resp, need, &wanted, !g->verdict.api);
}

/* Signed in, but not entitled (RFC 6750, 3.1: insufficient_scope). */
static void
refuse_rights(const struct gate *g, struct app *app, struct response *resp,
	      const char *missing)
{
	struct page page;

	if (accept_html(&g->asked) && !g->verdict.api) {
		app_page(app, &g->asked, "forbidden", &page);
		page_text(&page, "username", g->who.name);
		page_text(&page, "return_to",
			  target_is_path(g->asked.uri) ? g->asked.uri : STR("/"));
		page_send(&page, 403, resp);
		return;
	}
	authenticate_bearer(resp, app->config->site_name, "insufficient_scope", missing);
	response_error(resp, 403, "insufficient_scope", missing);
}

static void
refuse_method(const struct gate *g, struct app *app, struct response *resp)
{
	struct buf allow;

	buf_init(&allow, 1024);
	for (size_t i = 0; g->verdict.rule != NULL && i < g->verdict.rule->n_methods;
	     i++) {
		buf_addz(&allow, i == 0 ? "" : ", ");
		buf_add(&allow, g->verdict.rule->methods[i]);
		if (str_is(g->verdict.rule->methods[i], "GET"))
			buf_addz(&allow, ", HEAD");
	}
	response_header(resp, "Allow", buf_str(&allow));
	serve_error(app, &g->asked, resp, 405, "method_not_allowed",
		    "this path does not take requests of that kind");
	buf_done(&allow);
}

/*
 * Nobody has signed in. A client that can do nothing else is asked for Basic where the
 * rule says so.
 */
static void
refuse_stranger(const struct gate *g, struct app *app, struct response *resp)
{
	bool nobody =
		g->access == ACCESS_NONE || (g->by_basic && g->access == ACCESS_INVALID);

	if (nobody && g->verdict.rule != NULL && g->verdict.rule->basic &&
	    basic_may_be_asked(&g->asked))
		basic_ask(app, &g->asked, resp);
	else /* a token that came by Basic counts as none at some other path */
		access_refuse(app, &g->asked, resp,
			      g->access == ACCESS_GRANTED ? ACCESS_NONE : g->access,
			      !g->verdict.api);
}

void
gate_refuse(const struct gate *g, struct app *app, struct response *resp)
{
	if (g->path_wrong != NULL) {
		serve_error(app, &g->asked, resp, 400, "invalid_request",
			    "the path can be read in more than one way");
		return;
	}
	if (g->unreadable) {
		serve_error(app, &g->asked, resp, 503, "temporarily_unavailable",
			    "a rule of this site cannot be read");
		return;
	}
	if (g->unresolved) {
		serve_error(app, &g->asked, resp, 503, "temporarily_unavailable",
			    "the gate cannot see what is served at this path");
		return;
	}
	if (!g->verdict.api && canonical_redirect(app, &g->asked, resp))
		return;
	switch (g->verdict.answer) {
	case RULES_METHOD:
		refuse_method(g, app, resp);
		return;
	case RULES_OTHER_TOKEN:
		refuse_rights(g, app, resp,
			      "the token is not of a kind, client or scope that may");
		return;
	case RULES_NOT_ENTITLED:
		refuse_rights(g, app, resp, "a role is missing");
		return;
	case RULES_SIGN_IN_AGAIN:
		refuse_login(g, app, resp, NEED_FRESH);
		return;
	case RULES_WANTS_PHR:
		refuse_login(g, app, resp, NEED_PHR);
		return;
	case RULES_WANTS_FACTOR:
		refuse_login(g, app, resp, NEED_FACTOR);
		return;
	case RULES_SIGN_IN:
		refuse_stranger(g, app, resp);
		return;
	default:
		serve_error(app, &g->asked, resp, 403, "forbidden",
			    "nobody may have what is at this path");
	}
}

bool
gate_renews(const struct gate *g, struct app *app, struct response *resp)
{
	return g->access == ACCESS_GRANTED && g->by_cookie && !g->verdict.open &&
	       !g->verdict.api && access_renew(app, &g->asked, resp, &g->who);
}
