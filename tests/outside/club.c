/*
 * Served at /club, and at /club-cxx when it was compiled as C++:
 *
 * /club            who you are and every claim, as JSON
 * /club/staff      for the role staff, by a rule
 * /club/safe       for who proved a second factor in the last hour
 * /club/note       POST of a form with a field `text`: says it again
 */
#include <doorward/json.h>
#include <doorward/log.h>
#include <doorward/path.h>
#include <doorward/rules.h>
#include <doorward/serve.h>
#include <doorward/step_up.h>
#include <doorward/visitors.h>

static void
answer_json(struct doorward_response *resp, struct doorward_buf *json)
{
	if (!json->failed)
		doorward_response_json(resp, 200, doorward_buf_str(json));
	doorward_buf_done(json);
}

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
	doorward_json_put_member(&json, "kind",
				 doorward_str_of(doorward_identity_kind_text(who->kind)));
	doorward_json_put_name(&json, "roles");
	doorward_json_put_open(&json, '[');
	for (size_t i = 0; i < who->n_roles; i++)
		doorward_json_put_str(&json, who->roles[i]);
	doorward_json_put_close(&json, ']');
	doorward_json_put_name(&json, "claims");
	doorward_json_put_raw(&json, doorward_buf_str(&who->claims->payload));
	doorward_json_put_close(&json, '}');
	answer_json(resp, &json);
}

/* May who asks, by the rules of this program? */
static enum doorward_rules_answer
decide(const struct doorward_request *req, const struct doorward_identity *who,
       int64_t now)
{
	struct doorward_rules_verdict verdict = { DOORWARD_RULES_REFUSED, false, false,
						  NULL };
	struct doorward_rules rules;
	struct doorward_why why = { "" };
	struct doorward_buf path;
	const char *reason;

	doorward_rules_init(&rules);
	doorward_buf_init(&path, DOORWARD_PATH_MAX_BYTES);
	if (doorward_rules_add(&rules, DOORWARD_STR("/club/staff any-of staff,owner"),
			       "club.c", &why) == DOORWARD_ERR_OK &&
	    doorward_rules_add(&rules, DOORWARD_STR("/club-cxx/staff any-of staff"),
			       "club.c", &why) == DOORWARD_ERR_OK &&
	    doorward_rules_sort(&rules, &why) == DOORWARD_ERR_OK &&
	    doorward_path_canonical(req->uri, &path, &reason)) {
		struct doorward_rules_question question = { doorward_buf_str(&path),
							    req->method, who, now };

		doorward_rules_decide(&rules, NULL, &question, &verdict);
	}
	doorward_buf_done(&path);
	doorward_rules_done(&rules);
	return verdict.answer;
}

static void
open_staff(struct doorward_app *app, const struct doorward_request *req,
	   struct doorward_response *resp, const struct doorward_visit *visit)
{
	if (decide(req, &visit->who, app->now) == DOORWARD_RULES_ALLOW) {
		doorward_response_send(resp, 200, "text/plain; charset=utf-8",
				       DOORWARD_STR("for staff\n"));
		return;
	}
	DOORWARD_LOG(DOORWARD_LOG_INFO, "staff_refused", { "user", visit->who.name });
	doorward_serve_error(app, req, resp, 403, "forbidden", "this is for staff");
}

/* Only for those who proved a second factor, in the last hour. */
static void
open_safe(struct doorward_app *app, const struct doorward_request *req,
	  struct doorward_response *resp, const struct doorward_visit *visit)
{
	static const struct doorward_step_up wanted = { DOORWARD_ACR_2FA, 3600 };

	if (doorward_step_up_require(app, req, resp, &visit->who, &wanted))
		doorward_response_send(resp, 200, "text/plain; charset=utf-8",
				       DOORWARD_STR("the safe is open\n"));
}

static void
take_note(struct doorward_app *app, const struct doorward_request *req,
	  struct doorward_response *resp, const struct doorward_visit *visit)
{
	struct doorward_str text;
	struct doorward_buf json;

	if (doorward_form_find(visit->form, "text", &text) != DOORWARD_FORM_ONE) {
		doorward_serve_error(app, req, resp, 400, "invalid_request",
				     "text is missing");
		return;
	}
	doorward_buf_init(&json, 1000);
	doorward_json_put_open(&json, '{');
	doorward_json_put_member(&json, "text", text);
	doorward_json_put_close(&json, '}');
	answer_json(resp, &json);
}

static const struct doorward_route routes[] = {
	{ .path = "",
	  .methods = DOORWARD_ROUTE_GET,
	  .handle = tell,
	  .who = doorward_visitor_signed_in },
	{ .path = "/staff",
	  .methods = DOORWARD_ROUTE_GET,
	  .handle = open_staff,
	  .who = doorward_visitor_signed_in },
	{ .path = "/safe",
	  .methods = DOORWARD_ROUTE_GET,
	  .handle = open_safe,
	  .who = doorward_visitor_signed_in },
	{ .path = "/note",
	  .methods = DOORWARD_ROUTE_POST,
	  .handle = take_note,
	  .who = doorward_visitor_signed_in,
	  .body = DOORWARD_ROUTE_FORM,
	  .fields = { { "text", 20 } } },
	{ .path = NULL },
};

int
main(int argc, char **argv)
{
	static const struct doorward_program program = {
		.name = "club",
		.routes = routes,
		.powers = { &doorward_power_verify },
	};

	return doorward_serve(argc, argv, &program);
}
