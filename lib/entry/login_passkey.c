#include "entry/login_passkey.h"

#include "base/log.h"
#include "config/config.h"
#include "serve/power_database.h"
#include "serve/power_session.h"

bool
login_has_passkeys(const struct app *app)
{
	return app->config->passkey_rp_id != NULL;
}

struct passkey_site
login_passkey_site(struct app *app)
{
	const struct config *c = app->config;

	return (struct passkey_site){ .db = app_db(app),
				      .secret = app_secret(app),
				      .rp_id = str_of(c->passkey_rp_id),
				      .name = str_of(c->site_name),
				      .origins = c->passkey_origins.items,
				      .n_origins = c->passkey_origins.n };
}

enum err
login_passkey_options(struct app *app, struct response *res, struct str bound,
		      struct str user, struct buf *json)
{
	struct passkey_site site = login_passkey_site(app);
	struct why why = { "" };
	enum err e;

	if (!login_has_passkeys(app))
		return ERR_OK;
	e = passkey_ask(&site, bound, app->now, user, json, &why);
	if (e != ERR_OK)
		LOG(LOG_ERROR, "passkey_failed", { "error", str_of(err_text(e)) },
		    { "why", str_of(why.text) });
	else if (json->n > 0)
		res->policy |= RESPONSE_WITH_SCRIPT;
	return e;
}
