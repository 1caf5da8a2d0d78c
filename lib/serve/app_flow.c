#include "serve/app_flow.h"

#include "config/config.h"
#include "config/config_factor.h"
#include "serve/power_database.h"
#include "serve/power_session.h"

_Static_assert(FLOW_NEED_MAX == CONFIG_LIST_MAX, "size");

void
app_flow_policy(const struct app *app, struct flow_policy *policy)
{
	static const char *const login_by[] = {
		[LOGIN_BY_NAME] = "name",
		[LOGIN_BY_ADDRESS] = "address",
		[LOGIN_BY_BOTH] = "both",
	};
	const struct config *c = app->config;

	*policy = (struct flow_policy){
		.db = app_db(app),
		.secret = app_secret(app),
		.login_by = login_by[c->login_by],
		.cost = { (size_t)c->password_memory, (unsigned)c->password_time },
		.state_dir = c->state_dir,
		.slots = (unsigned)c->password_slots,
		.min_ms = c->login_min_ms,
		.session_idle = c->session_idle,
		.session_life = c->session_life,
		.session_browser_life = c->session_browser_life,
		.sessions_max = c->sessions_max,
	};
	policy->n_need = config_factor_need(c, app->now, policy->need);
}
