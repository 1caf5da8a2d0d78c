#include "check.h"

#include <stdio.h>

#include "access/origin.h"
#include "request_of.h"

#define SITE "https://site.example"

/* What one header may be: absent, ours, or of anybody else. */
enum says { NOTHING, OURS, OTHER };

struct value {
	const char *text; /* NULL: the header is absent */
	enum says says;
};

static const struct value sites[] = {
	{ NULL, NOTHING },
	{ "same-origin", OURS },
	{ "same-site", OTHER },
	{ "cross-site", OTHER },
	{ "none", OTHER },
	{ "", OTHER },
	{ "Same-Origin", OTHER },
	{ "same-origin ", OTHER },
	{ "same-origin, same-origin", OTHER },
};

static const struct value origins[] = {
	{ NULL, NOTHING },
	{ SITE, OURS },
	{ "HTTPS://SITE.example", OURS },
	{ SITE ":443", OURS },
	{ "null", OTHER },
	{ "", OTHER },
	{ SITE "/", OTHER },
	{ SITE ":8443", OTHER },
	{ SITE ":443:443", OTHER },
	{ SITE ":80", OTHER },
	{ "http://site.example", OTHER },
	{ SITE ".evil.example", OTHER },
	{ "https://evil.example", OTHER },
	{ "https://site.example@evil.example", OTHER },
	{ "https://www.site.example", OTHER },
	{ "https://site.example.", OTHER },
	{ "site.example", OTHER },
	{ SITE ", " SITE, OTHER },
	{ SITE " ", OTHER },
};

static const struct value referers[] = {
	{ NULL, NOTHING },
	{ SITE "/login?return_to=%2Fa", OURS },
	{ SITE, OURS },
	{ SITE "/", OURS },
	{ SITE "?a", OURS },
	{ SITE ":443/login", OURS },
	{ "https://SITE.EXAMPLE/login", OURS },
	{ "", OTHER },
	{ "null", OTHER },
	{ "/login", OTHER },
	{ "about:blank", OTHER },
	{ "garbage", OTHER },
	{ "http://site.example/login", OTHER },
	{ SITE ".evil.example/", OTHER },
	{ SITE "@evil.example/", OTHER },
	{ SITE ":x@evil.example/", OTHER },
	{ SITE "\\@evil.example/", OTHER },
	{ SITE ":8443/login", OTHER },
	{ "https://evil.example/" SITE "/", OTHER },
	{ "https://evil.example/?" SITE, OTHER },
	{ SITE "/login, https://evil.example/", OTHER },
	{ SITE "/\x01", OTHER },
	{ SITE "/\xc3\xa9", OTHER },
};

/* Whatever Host says, nothing changes. */
static const char *const hosts[] = { NULL, "site.example", "evil.example" };

static char *
variable(char *to, size_t size, const char *name, const char *value)
{
	snprintf(to, size, "%s=%s", name, value);
	return to;
}

static enum origin
judge(const struct value *s, const struct value *o, const struct value *f,
      const char *host)
{
	char site[64], origin[128], referer[128], asked[64];
	char *variables[6] = { "REQUEST_METHOD=POST" };
	size_t n = 1;
	enum origin said;
	struct request r;

	if (s->text != NULL)
		variables[n++] =
			variable(site, sizeof(site), "HTTP_SEC_FETCH_SITE", s->text);
	if (o->text != NULL)
		variables[n++] = variable(origin, sizeof(origin), "HTTP_ORIGIN", o->text);
	if (f->text != NULL)
		variables[n++] =
			variable(referer, sizeof(referer), "HTTP_REFERER", f->text);
	if (host != NULL)
		variables[n++] = variable(asked, sizeof(asked), "HTTP_HOST", host);
	assert_int_equal(request_init(&r, variables), ERR_OK);
	said = origin_judge(&r, STR(SITE), NULL, 0);
	request_done(&r);
	return said;
}

static enum origin
expected(enum says site, enum says origin, enum says referer)
{
	if (site == OTHER || origin == OTHER || referer == OTHER)
		return ORIGIN_FOREIGN;
	if (site == NOTHING && origin == NOTHING && referer == NOTHING)
		return ORIGIN_UNSAID;
	return ORIGIN_OWN;
}

/* Every value of each header with every value of the others, under every Host. */
static void
all_that_came_must_be_ours(void **state)
{
	size_t seen[3] = { 0 };

	(void)state;
	for (size_t s = 0; s < COUNT(sites); s++)
		for (size_t o = 0; o < COUNT(origins); o++)
			for (size_t f = 0; f < COUNT(referers); f++) {
				enum origin right = expected(
					sites[s].says, origins[o].says, referers[f].says);

				seen[right]++;
				for (size_t h = 0; h < COUNT(hosts); h++)
					if (judge(&sites[s], &origins[o], &referers[f],
						  hosts[h]) != right)
						fail_msg("%s | %s | %s", sites[s].text,
							 origins[o].text,
							 referers[f].text);
			}
	assert_int_equal(seen[ORIGIN_UNSAID], 1);
	assert_int_equal(seen[ORIGIN_OWN], 2 * 4 * 7 - 1);
}

/* A header that came twice is refused before anybody judges (request.h). */
static void
a_planted_duplicate_is_not_ours(void **state)
{
	char *variables[] = { "REQUEST_METHOD=POST", "HTTP_ORIGIN=" SITE,
			      "HTTP_ORIGIN=" SITE, NULL };
	struct request r;

	(void)state;
	assert_int_equal(request_init(&r, variables), ERR_SYNTAX);
	assert_int_equal(origin_judge(&r, STR(SITE), NULL, 0), ORIGIN_FOREIGN);
	request_done(&r);
}

static void
without_a_public_url_nothing_is_ours(void **state)
{
	char *variables[] = { "REQUEST_METHOD=POST", "HTTP_SEC_FETCH_SITE=same-origin",
			      NULL };
	struct request r = request_of(variables);

	(void)state;
	assert_int_equal(origin_judge(&r, STR(""), NULL, 0), ORIGIN_FOREIGN);
	request_done(&r);
}

static void
finds_an_address_under_any_kind_of_public_url(void **state)
{
	static const struct {
		const char *own, *url, *rest; /* rest NULL: it lies elsewhere */
	} table[] = {
		{ "https://[::1]:8443", "https://[::1]:8443/login", "/login" },
		{ "https://[::1]:8443", "https://[::1]/login", NULL },
		{ "https://[2001:db8::1]", "https://[2001:DB8::1]/", "/" },
		{ "https://[2001:db8::1]", "https://[2001:db8::1]:443/", "/" },
		{ "https://[2001:db8::1]", "https://[2001:db8::1]:44/", NULL },
		{ "https://[2001:db8::1]", "https://[2001:db8::1", NULL },
		{ "http://localhost:8080", "http://localhost:8080/a?b#c", "/a?b#c" },
		{ "http://localhost:8080", "http://localhost:8080:80/", NULL },
		{ "http://localhost:8080", "http://localhost:80801/", NULL },
		{ "http://localhost:8080", "http://localhost:808/", NULL },
		{ "http://a", "http://a:80/x", "/x" },
		{ "http://a", "http://a:443/x", NULL },
		{ "http://a", "http://ab/x", NULL },
		{ "", "https://site.example/x", NULL },
		{ "https://site.example", "https://site.example/x", "/x" },
		{ "https://site.example", "https://site.example", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		struct str rest;
		bool held =
			origin_holds(str_of(table[i].own), str_of(table[i].url), &rest);

		if (held != (table[i].rest != NULL) ||
		    (held && !str_is(rest, table[i].rest)))
			fail_msg("%s: %s", table[i].own, table[i].url);
	}
}

/* A script of a listed origin: site, origin and referer must fit one another. */
static void
a_listed_origin_must_be_the_one_in_all_headers(void **state)
{
	static const char *const listed[] = { "https://app.example" };
	static const struct {
		char *site, *origin, *referer;
		enum origin said;
	} table[] = {
		{ "X=", "HTTP_ORIGIN=https://app.example", "Y=", ORIGIN_OWN },
		{ "HTTP_SEC_FETCH_SITE=same-site", "HTTP_ORIGIN=https://app.example",
		  "HTTP_REFERER=https://app.example/", ORIGIN_OWN },
		{ "HTTP_SEC_FETCH_SITE=cross-site", "HTTP_ORIGIN=https://app.example",
		  "Y=", ORIGIN_OWN },
		{ "HTTP_SEC_FETCH_SITE=same-origin", "HTTP_ORIGIN=https://app.example",
		  "Y=", ORIGIN_FOREIGN },
		{ "HTTP_SEC_FETCH_SITE=none", "HTTP_ORIGIN=https://app.example",
		  "Y=", ORIGIN_FOREIGN },
		{ "X=", "HTTP_ORIGIN=https://app.example", "HTTP_REFERER=" SITE "/",
		  ORIGIN_FOREIGN },
		{ "X=", "HTTP_ORIGIN=https://app.example",
		  "HTTP_REFERER=https://evil.example/", ORIGIN_FOREIGN },
		{ "X=", "HTTP_ORIGIN=https://other.example", "Y=", ORIGIN_FOREIGN },
		{ "HTTP_SEC_FETCH_SITE=same-site",
		  "X=", "HTTP_REFERER=https://app.example/", ORIGIN_FOREIGN },
		{ "X=", "Y=", "HTTP_REFERER=https://app.example/", ORIGIN_FOREIGN },
		{ "HTTP_SEC_FETCH_SITE=same-origin", "HTTP_ORIGIN=" SITE,
		  "HTTP_REFERER=" SITE "/a", ORIGIN_OWN },
		{ "HTTP_SEC_FETCH_SITE=same-site", "HTTP_ORIGIN=" SITE,
		  "Y=", ORIGIN_FOREIGN },
		{ "X=", "Y=", "Z=", ORIGIN_UNSAID },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		char *variables[] = { "REQUEST_METHOD=POST", table[i].site,
				      table[i].origin, table[i].referer, NULL };
		struct request r = request_of(variables);

		if (origin_judge(&r, STR(SITE), listed, 1) != table[i].said)
			fail_msg("row %zu", i);
		request_done(&r);
	}
}

/* The site's own origin in cors_origins does not make its pages another site's. */
static void
our_own_origin_in_the_list_stays_ours(void **state)
{
	static const char *const listed[] = { SITE };
	char *variables[] = { "REQUEST_METHOD=POST", "HTTP_SEC_FETCH_SITE=same-origin",
			      "HTTP_ORIGIN=" SITE, NULL };
	struct request r = request_of(variables);

	(void)state;
	assert_int_equal(origin_judge(&r, STR(SITE), listed, 1), ORIGIN_OWN);
	request_done(&r);
}

static void
the_log_gets_no_path_of_a_referer(void **state)
{
	static char *const table[][2] = {
		{ "HTTP_REFERER=https://a.example/reset?token=x", "https://a.example" },
		{ "HTTP_REFERER=https://a.example?token=x", "https://a.example" },
		{ "HTTP_REFERER=https://a.example", "https://a.example" },
		{ "HTTP_REFERER=//x", "//x" },
		{ "HTTP_REFERER=", "" },
		{ "X=", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		char *variables[] = { "REQUEST_METHOD=POST", table[i][0], NULL };
		struct request r = request_of(variables);

		assert_true(str_is(origin_referer(request_env(&r, "HTTP_REFERER")),
				   table[i][1]));
		request_done(&r);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_that_came_must_be_ours),
		cmocka_unit_test(a_planted_duplicate_is_not_ours),
		cmocka_unit_test(without_a_public_url_nothing_is_ours),
		cmocka_unit_test(finds_an_address_under_any_kind_of_public_url),
		cmocka_unit_test(a_listed_origin_must_be_the_one_in_all_headers),
		cmocka_unit_test(our_own_origin_in_the_list_stays_ours),
		cmocka_unit_test(the_log_gets_no_path_of_a_referer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
