#include "access/origin.h"

#include "base/log.h"
#include "http/target.h"

/* The values of the three headers. `p` is NULL if one is absent. */
struct headers {
	struct str site, origin, referer;
};

/* Present but empty, if the header came more than once. */
static struct str
header(const struct request *r, const char *name)
{
	struct str value = request_env(r, name);

	return value.p == NULL && request_count(r, name) > 0 ? STR("") : value;
}

static struct headers
read_headers(const struct request *r)
{
	return (struct headers){ header(r, "HTTP_SEC_FETCH_SITE"),
				 header(r, "HTTP_ORIGIN"), header(r, "HTTP_REFERER") };
}

/* An address contains no space, but two headers merged by ", " do. */
static bool
is_one_address(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] <= 0x20 || s.p[i] >= 0x7f)
			return false;
	return true;
}

/* ":443" or ":80", which an address may also contain; empty: `origin` has a port. */
static struct str
implied_port(struct str origin)
{
	struct str host = str_sub(origin, 8, origin.n); /* after "http://" and a byte */

	if (!str_ends_with(origin, STR("]")) && str_index(host, ':') < host.n)
		return STR("");
	return str_starts_with(origin, STR("https:")) ? STR(":443") : STR(":80");
}

bool
origin_holds(struct str own, struct str url, struct str *rest)
{
	struct str port = implied_port(own);

	*rest = STR("");
	if (own.n == 0 || !is_one_address(url) ||
	    !str_eq_nocase(str_sub(url, 0, own.n), own))
		return false;
	url = str_sub(url, own.n, url.n);
	if (str_starts_with(url, port))
		url = str_sub(url, port.n, url.n);
	if (url.n > 0 && url.p[0] != '/' && url.p[0] != '?' && url.p[0] != '#')
		return false;
	*rest = url;
	return true;
}

static bool
is_site(struct str site, bool other)
{
	if (other)
		return str_is(site, "same-site") || str_is(site, "cross-site");
	return str_is(site, "same-origin");
}

/*
 * All headers that came name a page of `origin`, which is another origin than ours if
 * `other`.
 */
static bool
is_from(const struct headers *h, struct str origin, bool other)
{
	struct str rest;

	if (h->site.p != NULL && !is_site(h->site, other))
		return false;
	if (h->origin.p != NULL &&
	    (!origin_holds(origin, h->origin, &rest) || rest.n > 0))
		return false;
	return h->referer.p == NULL || origin_holds(origin, h->referer, &rest);
}

enum origin
origin_judge(const struct request *r, struct str own, const char *const *others, size_t n)
{
	struct headers h = read_headers(r);

	if (h.site.p == NULL && h.origin.p == NULL && h.referer.p == NULL)
		return ORIGIN_UNSAID;
	if (own.n == 0)
		return ORIGIN_FOREIGN;
	if (!str_eq(h.origin, own) && target_is_listed(h.origin, others, n))
		return is_from(&h, h.origin, true) ? ORIGIN_OWN : ORIGIN_FOREIGN;
	return is_from(&h, own, false) ? ORIGIN_OWN : ORIGIN_FOREIGN;
}

struct str
origin_referer(struct str referer)
{
	size_t n = 0, slashes = 0;

	for (; n < referer.n && referer.p[n] != '?' && referer.p[n] != '#'; n++)
		if (referer.p[n] == '/' && ++slashes == 3)
			break;
	return str_sub(referer, 0, n);
}

void
origin_log(const struct request *r, struct str user)
{
	struct headers h = read_headers(r);

	LOG(LOG_WARN, "cross_site_refused", { "user", user }, { "site", h.site },
	    { "origin", h.origin }, { "referer", origin_referer(h.referer) },
	    { "address", r->remote_address });
}
