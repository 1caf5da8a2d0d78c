#include "login/login_cookies.h"

#include <string.h>

#include "access/access.h"
#include "base/log.h"
#include "config/config.h"
#include "people/device.h"
#include "serve/power_session.h"

static struct cookie
at_login(const struct config *config, const char *name)
{
	return (struct cookie){ .name = name,
				.path = "/login",
				.plain_http = config->plain_http };
}

struct cookie
login_cookie_session(const struct config *config)
{
	return at_login(config, "doorward-session");
}

struct cookie
login_cookie_device(const struct config *config)
{
	return at_login(config, "doorward-device");
}

struct cookie
login_cookie_hop(const struct config *config)
{
	return at_login(config, "doorward-hop");
}

/* Path=/ for the sake of __Host-: no other host of the domain can plant one. */
struct cookie
login_cookie_form(const struct config *config)
{
	return (struct cookie){ .name = "doorward-form",
				.path = "/",
				.plain_http = config->plain_http };
}

struct str
login_cookie_get(const struct request *req, const struct cookie *c)
{
	struct str value;

	return cookie_find(c, request_env(req, "HTTP_COOKIE"), &value) == COOKIE_ONE
		       ? value
		       : STR("");
}

void
login_cookie_set(struct response *res, const struct cookie *c, struct str value,
		 int64_t max_age)
{
	struct buf line;

	buf_init(&line, 8192);
	cookie_set(c, value, max_age, &line);
	if (line.failed)
		res->failed = true;
	else
		response_header_add(res, "Set-Cookie", buf_str(&line));
	buf_done(&line);
}

void
login_cookie_clear(struct response *res, const struct cookie *c)
{
	struct buf line;

	buf_init(&line, 8192);
	cookie_clear(c, &line);
	if (line.failed)
		res->failed = true;
	else
		response_header_add(res, "Set-Cookie", buf_str(&line));
	buf_done(&line);
}

void
login_cookies_put(struct app *app, struct response *res, const struct session *session,
		  struct str token, int64_t life, struct str refresh)
{
	struct cookie access = access_cookie(app->config);
	struct cookie kept = login_cookie_session(app->config);

	login_cookie_set(res, &access, token, session->remember ? life : -1);
	login_cookie_set(res, &kept, refresh,
			 session->remember ? session->ends_at - app->now : -1);
}

void
login_cookie_new_device(struct app *app, struct response *res, struct str user,
			int64_t version)
{
	struct cookie known = login_cookie_device(app->config);
	char secret[DEVICE_SIZE] = "";
	struct device d;
	enum err e = device_new(&d);

	if (e == ERR_OK && user.n == sizeof(d.user) - 1) {
		memcpy(d.user, user.p, user.n);
		d.version = version;
		d.made_at = app->now;
		e = device_issue(app_secret(app), &d, secret);
	}
	if (secret[0] != '\0')
		login_cookie_set(res, &known, str_of(secret), DEVICE_LIFE);
	else
		LOG(LOG_WARN, "device_failed", { "error", str_of(err_text(e)) });
}

void
login_cookies_revoke(struct app *app, struct response *res)
{
	struct cookie access = access_cookie(app->config);
	struct cookie kept = login_cookie_session(app->config);

	login_cookie_clear(res, &access);
	login_cookie_clear(res, &kept);
}
