#include "http/accept.h"

/* What an Accept header says about one type. */
struct weight {
	int q;       /* in thousandths */
	int matched; /* 0 nothing, 1 any type, 2 type/any, 3 the type itself */
};

/* The qvalue of RFC 9110, 12.4.2. Anything else counts as "not at all". */
static int
parse_q(struct str rest)
{
	struct str whole = str_cut(&rest, '.');
	int q = 0, unit = 100;

	if (rest.n > 3 || !(str_is(whole, "0") || str_is(whole, "1")))
		return 0;
	for (size_t i = 0; i < rest.n; i++, unit /= 10) {
		if (rest.p[i] < '0' || rest.p[i] > '9')
			return 0;
		q += (rest.p[i] - '0') * unit;
	}
	if (str_is(whole, "1"))
		return q == 0 ? 1000 : 0;
	return q;
}

static int
q_of(struct str parameters)
{
	while (parameters.n > 0) {
		struct str one = str_trim(str_cut(&parameters, ';'));
		struct str name = str_trim(str_cut(&one, '='));

		if (str_eq_nocase(name, STR("q")))
			return parse_q(str_trim(one));
	}
	return 1000;
}

static void
weigh(struct weight *w, int matched, int q)
{
	if (matched == 0 || matched < w->matched)
		return;
	if (matched > w->matched || q > w->q)
		w->q = q;
	w->matched = matched;
}

/* One range, for both types. */
static void
weigh_range(struct weight *html, struct weight *json, struct str range, int q)
{
	int any = str_is(range, "*/*") ? 1 : 0;

	weigh(html,
	      str_eq_nocase(range, STR("text/html")) ? 3
	      : str_eq_nocase(range, STR("text/*"))  ? 2
						     : any,
	      q);
	weigh(json,
	      str_eq_nocase(range, STR("application/json")) ? 3
	      : str_eq_nocase(range, STR("application/*"))  ? 2
							    : any,
	      q);
}

bool
accept_html(const struct request *r)
{
	struct str accept = request_env(r, "HTTP_ACCEPT");
	struct weight html = { 0 }, json = { 0 };

	while (accept.n > 0) {
		struct str parameters = str_cut(&accept, ',');
		struct str range = str_trim(str_cut(&parameters, ';'));

		weigh_range(&html, &json, range, q_of(parameters));
	}
	if (html.matched < 2 || html.q == 0)
		return false;
	return html.q > json.q || (html.q == json.q && html.matched > json.matched);
}

bool
accept_navigation(const struct request *r)
{
	struct str mode = request_env(r, "HTTP_SEC_FETCH_MODE");
	struct str dest = request_env(r, "HTTP_SEC_FETCH_DEST");
	struct str with = request_env(r, "HTTP_X_REQUESTED_WITH");

	if (mode.p != NULL && !str_is(mode, "navigate"))
		return false;
	if (dest.p != NULL && !str_is(dest, "document"))
		return false;
	return !str_eq_nocase(with, STR("XMLHttpRequest")) && accept_html(r);
}

/* What Accept-Language says about one tag. */
struct liking {
	int q;       /* in thousandths */
	int matched; /* 0 nothing, 1 any, 2 the language, 3 a part of the tag, 4 the tag */
	size_t at;   /* the position of that range in the header */
};

/* The value of `matched`: one may be the start of the other, up to a hyphen. */
static int
match(struct str range, struct str tag)
{
	size_t n = range.n < tag.n ? range.n : tag.n;

	if (str_is(range, "*"))
		return 1;
	if (n == 0 || !str_eq_nocase(str_sub(range, 0, n), str_sub(tag, 0, n)))
		return 0;
	if (range.n == tag.n)
		return 4;
	if (range.n < tag.n)
		return tag.p[n] == '-' ? 3 : 0;
	return range.p[n] == '-' ? 2 : 0;
}

static void
like(struct liking *l, struct str range, struct str tag, int q, size_t at)
{
	int matched = match(range, tag);

	if (matched == 0 || matched < l->matched)
		return;
	if (matched > l->matched || q > l->q)
		*l = (struct liking){ q, matched, at };
}

size_t
accept_language(struct str header, const struct str *tags, size_t n)
{
	struct liking likings[ACCEPT_LANGUAGES_MAX] = { 0 };
	size_t best = 0;

	for (size_t at = 0; header.n > 0; at++) {
		struct str parameters = str_cut(&header, ',');
		struct str range = str_trim(str_cut(&parameters, ';'));
		int q = q_of(parameters);

		for (size_t i = 0; i < n; i++)
			like(&likings[i], range, tags[i], q, at);
	}
	for (size_t i = 1; i < n; i++)
		if (likings[i].q > likings[best].q ||
		    (likings[i].q == likings[best].q && likings[i].q > 0 &&
		     likings[i].at < likings[best].at))
			best = i;
	return best;
}
