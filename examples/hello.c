/*
 * The smallest protected program: it greets whoever is signed in.
 */
#include <doorward/access.h>
#include <doorward/serve.h>

static void
handle(struct doorward_app *app, const struct doorward_request *req,
       struct doorward_response *resp)
{
	struct doorward_identity who;

	doorward_identity_init(&who);
	if (doorward_access_require(app, req, resp, &who)) {
		doorward_response_body(resp, DOORWARD_STR("Hello, "));
		doorward_response_body(resp, who.name);
		doorward_response_body(resp, DOORWARD_STR("\n"));
		doorward_response_finish(resp, 200, "text/plain; charset=utf-8");
	}
	doorward_identity_done(&who);
}

int
main(int argc, char **argv)
{
	static const struct doorward_program program = {
		.name = "hello",
		.handle = handle,
		.powers = { &doorward_power_verify },
	};

	return doorward_serve(argc, argv, &program);
}
