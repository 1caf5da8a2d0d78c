#include "access/asking.h"
#include "access/urls.h"
#include "base/text.h"
#include "http/media.h"
#include "http/response.h"
#include "oauth/authorize/authorize.h"
#include "oauth/authorize/authorize_parts.h"
#include "serve/serve.h"

#define POSTED_MAX 7500 /* bytes of a query; Apache takes a request line of 8,190 */
#define FORM "application/x-www-form-urlencoded"

/* The query ?id=UUID and nothing else. */
static bool
find_id(struct str query, struct str *id)
{
	static const struct str name = { "id=", 3 };

	*id = str_sub(query, name.n, query.n);
	return str_starts_with(query, name) && text_is_uuid(*id);
}

void
authorize_get(struct app *app, const struct request *req, struct response *res,
	      const struct visit *visit)
{
	struct str query = req->query, id;
	struct authorize a;

	(void)visit;
	if (!request_is(req, "GET")) { /* a HEAD must not use anything up */
		response_method_not_allowed(res, "GET, POST");
		return;
	}
	authorize_init(&a, app, req, res);
	if (authorize_find_person(&a)) {
		if (!find_id(query, &id)) {
			if (authorize_judge(&a, query))
				authorize_go_on(&a);
		} else if (authorize_find_stored(&a, id) &&
			   authorize_judge(&a, a.row.query)) {
			authorize_go_on(&a);
		}
	}
	authorize_done(&a);
}

void
authorize_post(struct app *app, const struct request *req, struct response *res,
	       const struct visit *visit)
{
	struct buf location;

	(void)visit;
	if (!media_is(req->content_type, FORM)) {
		serve_error(app, req, res, 415, "unsupported_media_type",
			    "the body must be a form");
		return;
	}
	buf_init(&location, sizeof(URL_OAUTH_AUTHORIZE) + POSTED_MAX);
	buf_addz(&location, URL_OAUTH_AUTHORIZE "?");
	text_add_percent(&location, buf_str(&req->body), "%&=+!$'()*,;:@/?");
	if (location.failed)
		serve_error(app, req, res, 413, "too_large",
			    "the form is too long to be sent on as a query");
	else
		response_see_other(res, buf_str(&location));
	buf_done(&location);
}
