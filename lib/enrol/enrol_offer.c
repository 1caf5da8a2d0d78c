/* What the page offers to make a passkey with. */
#include "enrol/enrol_parts.h"
#include "entry/login_passkey.h"
#include "page/agent.h"
#include "page/visitor_form.h"

enum err
enrol_passkey_options(struct app *app, const struct request *req, struct response *res,
		      const struct enrol *e, struct buf *json, struct why *why)
{
	struct passkey_site site = login_passkey_site(app);
	const struct passkey_person person = { .user = str_of(e->user),
					       .name = str_of(e->name),
					       .alone = !e->has_password };
	struct buf bound;
	enum err err;

	if (!login_has_passkeys(app))
		return ERR_OK;
	buf_init(&bound, 256);
	err = visitor_form_binding(app, req, res, &bound);
	if (err == ERR_OK)
		err = passkey_ask_new(&site, buf_str(&bound), app->now, &person, json,
				      why);
	buf_done(&bound);
	if (err == ERR_OK)
		res->policy |= RESPONSE_WITH_SCRIPT;
	return err;
}

void
enrol_passkey_name(const struct request *req, struct buf *name)
{
	struct agent agent = agent_read(request_env(req, "HTTP_USER_AGENT"));

	buf_add(name, agent.browser.n > 0 ? agent.browser : STR("Passkey"));
	if (agent.system.n > 0)
		buf_addf(name, " on %.*s", STR_ARG(agent.system));
}
