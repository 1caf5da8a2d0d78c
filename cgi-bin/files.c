/*
 * Serves a private directory (files_root) to those whom the rules admit: for
 * hosts without the authorizer, and for what must not lie under the document
 * root at all.
 */
#include "files/files.h"
#include "base/embedded.h"
#include "gate/gate.h"
#include "page/page_power.h"
#include "page/page_refuse.h"
#include "serve/serve.h"

static void
handle(struct app *app, const struct request *req, struct response *resp)
{
	struct gate gate;

	if (!gate_admits(&gate, app, req))
		gate_refuse(&gate, app, resp);
	else if (!gate_renews(&gate, app, resp))
		files_answer(app, req, buf_str(&gate.path), resp);
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
		.name = "files",
		.manual = true,
		.handle = handle,
		.powers = { &power_verify, &power_pages, &power_rules, &power_files },
		.error = page_refuse,
		.share = share,
	};

	return serve(argc, argv, &program);
}
