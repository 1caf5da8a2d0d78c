/*
 * A program with two addresses: /staff tells what the token of whoever is signed in says,
 * /staff/room opens to the role "staff" only.
 */
#include <doorward/json.h>
#include <doorward/serve.h>
#include <doorward/visitors.h>

static void
tell(struct doorward_app *app, const struct doorward_request *req,
     struct doorward_response *resp, const struct doorward_visit *visit)
{
	const struct doorward_identity *who = &visit->who;
	struct doorward_buf json;

	(void)app;
	(void)req;
	doorward_buf_init(&json, DOORWARD_RESPONSE_BODY_MAX);
	doorward_json_put_open(&json, '{');
	doorward_json_put_member(&json, "name", who->name);
	doorward_json_put_name(&json, "roles");
	doorward_json_put_open(&json, '[');
	for (size_t i = 0; i < who->n_roles; i++)
		doorward_json_put_str(&json, who->roles[i]);
	doorward_json_put_close(&json, ']');
	doorward_json_put_name(&json, "claims");
	doorward_json_put_raw(&json, doorward_buf_str(&who->claims->payload));
	doorward_json_put_close(&json, '}');
	if (!json.failed) /* else nothing is answered, and the client gets an error */
		doorward_response_json(resp, 200, doorward_buf_str(&json));
	doorward_buf_done(&json);
}

static void
open_room(struct doorward_app *app, const struct doorward_request *req,
	  struct doorward_response *resp, const struct doorward_visit *visit)
{
	if (!doorward_identity_has_role(&visit->who, DOORWARD_STR("staff"))) {
		doorward_serve_error(app, req, resp, 403, "forbidden",
				     "this is for the role staff");
		return;
	}
	doorward_response_send(resp, 200, "text/plain; charset=utf-8",
			       DOORWARD_STR("The coffee is in the cupboard.\n"));
}

static const struct doorward_route routes[] = {
	{ .path = "",
	  .methods = DOORWARD_ROUTE_GET,
	  .handle = tell,
	  .who = doorward_visitor_signed_in },
	{ .path = "/room",
	  .methods = DOORWARD_ROUTE_GET,
	  .handle = open_room,
	  .who = doorward_visitor_signed_in },
	{ .path = NULL },
};

int
main(int argc, char **argv)
{
	static const struct doorward_program program = {
		.name = "staff",
		.routes = routes,
		.powers = { &doorward_power_verify },
	};

	return doorward_serve(argc, argv, &program);
}
