#include "http/origin.h"

#include "http/target.h"

/* "https://host:1" and Host "host:1". */
static bool
is_same_host(struct str origin, struct str host)
{
	size_t scheme = str_starts_with(origin, STR("https://")) ? 8 : 7;

	return host.n > 0 && target_is_origin(origin) &&
	       str_eq(str_sub(origin, scheme, origin.n), host);
}

bool
origin_is_own(const struct request *r, struct str public_url)
{
	struct str site = request_env(r, "HTTP_SEC_FETCH_SITE");
	struct str origin = request_env(r, "HTTP_ORIGIN");
	struct str own = target_origin(public_url);
	bool equal = own.n > 0 && str_eq(origin, own);

	if (site.p == NULL)
		return equal;
	return str_is(site, "same-origin") &&
	       (origin.p == NULL || equal ||
		is_same_host(origin, request_env(r, "HTTP_HOST")));
}
