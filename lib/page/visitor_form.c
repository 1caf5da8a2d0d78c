#include "page/visitor_form.h"

#include "access/client.h"
#include "access/csrf.h"
#include "base/log.h"
#include "config/config.h"
#include "http/cookie.h"
#include "serve/power_session.h"

/* Path=/ is required for __Host-, so that no other host of the domain can plant one. */
static struct cookie
form_cookie(const struct config *config)
{
	return (struct cookie){ .name = "doorward-form",
				.path = "/",
				.plain_http = config->plain_http };
}

enum err
visitor_form_binding(struct app *app, const struct request *req, struct response *res,
		     struct buf *out)
{
	struct cookie c = form_cookie(app->config);
	struct str old = cookie_get(req, &c);
	enum err e;

	if (csrf_is_binding(old))
		return buf_add(out, old) ? ERR_OK : ERR_MEMORY;
	if ((e = csrf_binding(out)) == ERR_OK)
		cookie_put(res, &c, buf_str(out), -1);
	return e;
}

enum err
visitor_form_token(struct app *app, const char *purpose, struct str bound,
		   struct buf *token)
{
	return csrf_issue(app_secret(app), purpose, bound, app->now, token);
}

enum err
visitor_form_issue(struct app *app, const struct request *req, struct response *res,
		   const char *purpose, struct buf *token)
{
	struct buf bound;
	enum err e;

	buf_init(&bound, 256);
	e = visitor_form_binding(app, req, res, &bound);
	if (e == ERR_OK)
		e = visitor_form_token(app, purpose, buf_str(&bound), token);
	buf_done(&bound);
	return e;
}

struct str
visitor_form_brought(const struct app *app, const struct request *req)
{
	struct cookie c = form_cookie(app->config);

	return cookie_get(req, &c);
}

enum visitor_form
visitor_form_check(struct app *app, const struct request *req, const char *purpose,
		   struct str token)
{
	struct str bound = visitor_form_brought(app, req);

	if (csrf_check(app_secret(app), purpose, bound, app->now, token) == VERDICT_ALLOW)
		return VISITOR_FORM_GOOD;
	LOG(LOG_WARN, "form_refused",
	    { "reason", bound.n == 0 ? STR("cookie") : STR("token") },
	    { "address", client_address(app, req) });
	return bound.n == 0 ? VISITOR_FORM_NO_COOKIES : VISITOR_FORM_STALE;
}
