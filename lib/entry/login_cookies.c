#include "entry/login_cookies.h"

#include "access/access.h"
#include "access/urls.h"
#include "config/config.h"

static struct cookie
at_login(const struct config *config, const char *name)
{
	return (struct cookie){ .name = name,
				.path = URL_LOGIN,
				.plain_http = config->plain_http };
}

struct cookie
login_cookie_session(const struct config *config)
{
	return at_login(config, "doorward-session");
}

struct cookie
login_cookie_flow(const struct config *config)
{
	return at_login(config, "doorward-flow");
}

struct cookie
login_cookie_hop(const struct config *config)
{
	return at_login(config, "doorward-hop");
}

void
login_cookies_put(struct app *app, struct response *res, const struct session *session,
		  struct str token, int64_t life, struct str refresh)
{
	struct cookie access = access_cookie(app->config);
	struct cookie kept = login_cookie_session(app->config);

	cookie_put(res, &access, token, session->remember ? life : -1);
	cookie_put(res, &kept, refresh,
		   session->remember ? session->ends_at - app->now : -1);
}

void
login_cookies_revoke(struct app *app, struct response *res)
{
	struct cookie access = access_cookie(app->config);
	struct cookie kept = login_cookie_session(app->config);

	cookie_drop(res, &access);
	cookie_drop(res, &kept);
}
