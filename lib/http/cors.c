#include "http/cors.h"

#include "http/target.h"

#define CORS_MAX_AGE "600"
#define CORS_REQUEST_HEADERS "Authorization, Content-Type, X-Requested-With"
#define CORS_EXPOSED_HEADERS "WWW-Authenticate, Retry-After"

static bool
is_preflight(const struct request *r)
{
	return request_is(r, "OPTIONS") && request_env(r, "HTTP_ORIGIN").n > 0 &&
	       request_env(r, "HTTP_ACCESS_CONTROL_REQUEST_METHOD").n > 0;
}

static void
answer_preflight(const struct cors *c, struct response *resp, bool listed)
{
	if (listed) {
		response_headerz(resp, "Access-Control-Allow-Methods", c->methods);
		response_headerz(resp, "Access-Control-Allow-Headers",
				 CORS_REQUEST_HEADERS);
		if (c->header != NULL)
			response_header_add(resp, "Access-Control-Allow-Headers",
					    str_of(c->header));
		response_headerz(resp, "Access-Control-Max-Age", CORS_MAX_AGE);
	}
	response_empty(resp, 204);
}

bool
cors_apply(const struct cors *c, const struct request *r, struct response *resp)
{
	struct str origin = request_env(r, "HTTP_ORIGIN");
	bool listed = target_is_origin(origin) &&
		      target_is_listed(origin, c->origins, c->n_origins);

	if (c->n_origins > 0)
		response_header_add(resp, "Vary", STR("Origin"));
	if (listed) {
		response_header(resp, "Access-Control-Allow-Origin", origin);
		response_headerz(resp, "Access-Control-Expose-Headers",
				 CORS_EXPOSED_HEADERS);
		if (c->credentials)
			response_headerz(resp, "Access-Control-Allow-Credentials",
					 "true");
	}
	if (!is_preflight(r))
		return false;
	answer_preflight(c, resp, listed);
	return true;
}
