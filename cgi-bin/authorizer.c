/*
 * The gate in front of what the web server serves.
 *
 * As a FastCGI authorizer it says yes, with who it is as variables, or no. As
 * a responder (Apache's ErrorDocument 401, since Apache shows nothing of an
 * authorizer's refusal but its headers) it answers those who were refused, and
 * what else Apache itself answers behind the gate.
 * It holds no private key and knows no database.
 */
#include <inttypes.h>
#include <stdio.h>

#include "base/embedded.h"
#include "gate/gate.h"
#include "page/page_power.h"
#include "page/page_refuse.h"
#include "serve/serve.h"

static bool
add_roles(const struct identity *who, struct response *resp)
{
	struct buf roles;
	bool ok;

	buf_init(&roles, 4096);
	for (size_t i = 0; i < who->n_roles; i++) {
		buf_addz(&roles, i == 0 ? "" : " ");
		buf_add(&roles, who->roles[i]);
	}
	ok = !roles.failed &&
	     response_header(resp, "Variable-DOORWARD_ROLES", buf_str(&roles));
	buf_done(&roles);
	return ok;
}

/* Tell the program behind the gate who the visitor is, if the visitor has signed in. */
static void
allow(const struct gate *g, struct response *resp)
{
	char expires[24];
	bool ok = true;

	if (g->access == ACCESS_GRANTED) {
		snprintf(expires, sizeof(expires), "%" PRId64, g->who.expires);
		ok = response_header(resp, "Variable-REMOTE_USER", g->who.name) &&
		     response_header(resp, "Variable-DOORWARD_USER_ID", g->who.id) &&
		     response_headerz(resp, "Variable-DOORWARD_EXPIRES", expires) &&
		     add_roles(&g->who, resp);
	}
	if (ok)
		response_empty(resp, 200);
}

/*
 * The gate refused a moment ago what it admits now. Either a file that it reads
 * was mended in between, or it was not shown the header with the token.
 */
static void
ask_again(struct app *app, const struct request *req, struct response *resp)
{
	response_headerz(resp, "Retry-After", "1");
	serve_error(
		app, req, resp, 503, "temporarily_unavailable",
		"the gate was not ready, or was not shown what this page is: ask again; "
		"if it stays like this, CGIPassAuth On is missing in the gated section");
}

static void
admit(struct app *app, const struct request *req, struct response *resp,
      const struct gate *gate)
{
	if (req->role == ROLE_AUTHORIZER)
		allow(gate, resp);
	else if (gate->is_error_page)
		ask_again(app, req, resp);
	else
		serve_error(app, req, resp, 403, "forbidden",
			    "this program serves nothing itself");
}

static void
handle(struct app *app, const struct request *req, struct response *resp)
{
	struct gate gate;

	if (gate_is_own_page(req)) {
		response_empty(resp, 200);
		return;
	}
	if (gate_answers_error(app, req, resp))
		return;
	if (!gate_admits(&gate, app, req))
		gate_refuse(&gate, app, resp);
	else if (!gate_renews(&gate, app, resp))
		admit(app, req, resp, &gate);
	gate_done(&gate);
}

int
main(int argc, char **argv)
{
	static const struct embedded_folder share[] = {
		{ "gate", embedded_share_gate },
		{ NULL },
	};
	static const struct program program = {
		.name = "authorizer",
		.manual = true,
		.handle = handle,
		.powers = { &power_verify, &power_pages, &power_rules },
		.error = page_refuse,
		.share = share,
		.authorizes = true,
	};

	return serve(argc, argv, &program);
}
