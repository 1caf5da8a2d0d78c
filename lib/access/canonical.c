#include "access/canonical.h"

#include "access/origin.h"
#include "config/config.h"
#include "http/accept.h"
#include "http/credential.h"
#include "http/target.h"

/* True if Host, with the scheme of public_url, is the origin of public_url. */
static bool
is_home(struct str public_url, struct str host)
{
	struct str rest = STR("x");
	struct buf url;
	bool home;

	buf_init(&url, 2 * TARGET_MAX);
	buf_add(&url, str_sub(public_url, 0, str_index(public_url, ':')));
	buf_addz(&url, "://");
	buf_add(&url, host);
	home = !url.failed && origin_holds(public_url, buf_str(&url), &rest);
	buf_done(&url);
	return home && rest.n == 0;
}

bool
canonical_redirect(struct app *app, const struct request *req, struct response *resp)
{
	const struct config *c = app->config;
	struct str own = str_of(c->public_url);
	struct str host = request_env(req, "HTTP_HOST");
	struct buf location;

	if (!c->canonical_redirect || host.n == 0 || is_home(own, host) ||
	    !request_is_read(req) || !accept_navigation(req) ||
	    !target_is_path(req->uri) ||
	    (c->token_in_query && credential_in_query(req->query)))
		return false;
	buf_init(&location, 2 * TARGET_MAX);
	buf_add(&location, own);
	if (buf_add(&location, req->uri))
		response_see_other(resp, buf_str(&location));
	buf_done(&location);
	return resp->complete;
}
