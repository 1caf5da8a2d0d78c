#include "access/client.h"

#include "access/forwarded.h"
#include "config/config.h"

struct str
client_address(const struct app *app, const struct request *req)
{
	return forwarded_client(
		req->remote_address, request_env(req, "HTTP_X_FORWARDED_FOR"),
		app->config->trusted_proxies.items, app->config->trusted_proxies.n);
}
