#include "access/origin.h"

#include "http/target.h"

static bool
has_port(struct str origin)
{
	struct str host = str_sub(origin, 8, origin.n); /* after "http://" and a byte */

	return !str_ends_with(origin, STR("]")) && str_index(host, ':') < host.n;
}

/* No address holds a space: two headers merged by ", " do. */
static bool
is_one_address(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] <= 0x20 || s.p[i] >= 0x7f)
			return false;
	return true;
}

bool
origin_holds(struct str public_url, struct str url, struct str *rest)
{
	struct str own = target_origin(public_url);
	struct str port = str_starts_with(own, STR("https:")) ? STR(":443") : STR(":80");

	*rest = STR("");
	if (own.n == 0 || !is_one_address(url) ||
	    !str_eq_nocase(str_sub(url, 0, own.n), own))
		return false;
	url = str_sub(url, own.n, url.n);
	if (!has_port(own) && str_starts_with(url, port))
		url = str_sub(url, port.n, url.n);
	if (url.n > 0 && url.p[0] != '/' && url.p[0] != '?' && url.p[0] != '#')
		return false;
	*rest = url;
	return true;
}

static bool
is_site_ours(struct str site, bool other)
{
	if (other)
		return str_is(site, "same-site") || str_is(site, "cross-site");
	return str_is(site, "same-origin");
}

enum origin
origin_judge(const struct request *r, struct str public_url, const char *const *others,
	     size_t n)
{
	bool has_site = request_count(r, "HTTP_SEC_FETCH_SITE") > 0;
	bool has_origin = request_count(r, "HTTP_ORIGIN") > 0;
	bool has_referer = request_count(r, "HTTP_REFERER") > 0;
	struct str origin = request_env(r, "HTTP_ORIGIN"), rest;
	bool other = has_origin && !origin_holds(public_url, origin, &rest) &&
		     target_is_listed(origin, others, n);
	struct str ours = other ? origin : public_url;

	if (!has_site && !has_origin && !has_referer)
		return ORIGIN_UNSAID;
	if (has_site && !is_site_ours(request_env(r, "HTTP_SEC_FETCH_SITE"), other))
		return ORIGIN_FOREIGN;
	if (has_origin && (!origin_holds(ours, origin, &rest) || rest.n > 0))
		return ORIGIN_FOREIGN;
	if (has_referer && !origin_holds(ours, request_env(r, "HTTP_REFERER"), &rest))
		return ORIGIN_FOREIGN;
	return target_origin(public_url).n > 0 ? ORIGIN_OWN : ORIGIN_FOREIGN;
}

struct str
origin_referer(const struct request *r)
{
	struct str referer = request_env(r, "HTTP_REFERER");
	size_t n = 0, slashes = 0;

	for (; n < referer.n && referer.p[n] != '?' && referer.p[n] != '#'; n++)
		if (referer.p[n] == '/' && ++slashes == 3)
			break;
	return str_sub(referer, 0, n);
}
