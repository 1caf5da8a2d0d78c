#include "page/known_device.h"

#include <string.h>

#include "access/urls.h"
#include "base/log.h"
#include "config/config.h"
#include "people/device.h"
#include "serve/power_session.h"

struct cookie
known_device_cookie(const struct config *config)
{
	return (struct cookie){ .name = "doorward-device",
				.path = URL_LOGIN,
				.plain_http = config->plain_http };
}

void
known_device_give(struct app *app, struct response *res, struct str user, int64_t version)
{
	struct cookie known = known_device_cookie(app->config);
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
		cookie_put(res, &known, str_of(secret), DEVICE_LIFE);
	else
		LOG(LOG_WARN, "device_failed", { "error", str_of(err_text(e)) });
}
