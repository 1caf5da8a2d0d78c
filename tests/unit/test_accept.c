#include "check.h"

#include <stdio.h>

#include "http/accept.h"
#include "http/origin.h"
#include "request_of.h"

#define CHROMIUM                                                                         \
	"text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,"   \
	"image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7"
#define FIREFOX "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

static void
tells_browsers_from_programs(void **state)
{
	static const struct {
		const char *accept;
		bool html;
	} table[] = {
		{ CHROMIUM, true },
		{ FIREFOX, true },
		{ "text/html", true },
		{ "TEXT/HTML", true },
		{ "text/html, */*; q=0.01", true },
		{ "text/html, */*", true },
		{ "application/json;q=0.5, text/html", true },
		{ "text/*", true },
		{ "", false },
		{ "*/*", false },
		{ "application/json", false },
		{ "application/json, text/html", false },
		{ "application/json, text/javascript, */*; q=0.01", false },
		{ "text/html;q=0.5, application/json", false },
		{ "text/html;q=0", false },
		{ "text/html;q=0.000", false },
		{ "text/html;q=x", false },
		{ "text/html;q=1.5", false },
		{ "text/html;q=0.0001", false },
		{ "text/htmlx", false },
		{ "text/html;q=0.1, application/*", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		char accept[300];
		char *variables[] = { "REQUEST_METHOD=GET", accept, NULL };
		struct request r;

		snprintf(accept, sizeof(accept), "HTTP_ACCEPT=%s", table[i].accept);
		r = request_of(variables);
		if (accept_html(&r) != table[i].html)
			fail_msg("%s", table[i].accept);
		request_done(&r);
	}
}

static void
a_script_is_no_navigation(void **state)
{
	static const struct {
		char *header;
		bool navigation;
	} table[] = {
		{ "HTTP_SEC_FETCH_MODE=navigate", true },
		{ "HTTP_SEC_FETCH_DEST=document", true },
		{ "HTTP_X_REQUESTED_WITH=com.example.webview", true },
		{ "HTTP_SEC_FETCH_MODE=cors", false },
		{ "HTTP_SEC_FETCH_MODE=no-cors", false },
		{ "HTTP_SEC_FETCH_MODE=same-origin", false },
		{ "HTTP_SEC_FETCH_DEST=empty", false },
		{ "HTTP_SEC_FETCH_DEST=iframe", false },
		{ "HTTP_SEC_FETCH_DEST=image", false },
		{ "HTTP_X_REQUESTED_WITH=XMLHttpRequest", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		char *variables[] = { "REQUEST_METHOD=GET", "HTTP_ACCEPT=" FIREFOX,
				      table[i].header, NULL };
		struct request r = request_of(variables);

		assert_int_equal(accept_navigation(&r), table[i].navigation);
		request_done(&r);
		variables[1] = "HTTP_ACCEPT=*/*";
		r = request_of(variables);
		assert_false(accept_navigation(&r));
		request_done(&r);
	}
}

static void
only_our_own_pages_may_post(void **state)
{
	static const struct {
		char *site, *origin, *host;
		bool own;
	} table[] = {
		{ "HTTP_SEC_FETCH_SITE=same-origin", "X1=", "X2=", true },
		{ "HTTP_SEC_FETCH_SITE=same-origin", "HTTP_ORIGIN=https://site.example",
		  "X=", true },
		{ "HTTP_SEC_FETCH_SITE=same-origin", "HTTP_ORIGIN=http://127.0.0.1:8080",
		  "HTTP_HOST=127.0.0.1:8080", true },
		{ "X=", "HTTP_ORIGIN=https://site.example", "X2=", true },
		{ "X=", "X1=", "X2=", false },
		{ "X=", "HTTP_ORIGIN=null", "X2=", false },
		{ "X=", "HTTP_ORIGIN=", "X2=", false },
		{ "X=", "HTTP_ORIGIN=https://evil.example", "X2=", false },
		{ "X=", "HTTP_ORIGIN=https://evil.example", "HTTP_HOST=evil.example",
		  false },
		{ "X=", "HTTP_ORIGIN=https://site.example.evil.example", "X2=", false },
		{ "X=", "HTTP_ORIGIN=http://site.example", "X2=", false },
		{ "X=", "HTTP_ORIGIN=https://site.example/", "X2=", false },
		{ "HTTP_SEC_FETCH_SITE=cross-site", "HTTP_ORIGIN=https://site.example",
		  "X2=", false },
		{ "HTTP_SEC_FETCH_SITE=same-site", "HTTP_ORIGIN=https://site.example",
		  "X2=", false },
		{ "HTTP_SEC_FETCH_SITE=none", "X1=", "X2=", false },
		{ "HTTP_SEC_FETCH_SITE=", "HTTP_ORIGIN=https://site.example",
		  "X2=", false },
		{ "HTTP_SEC_FETCH_SITE=Same-Origin", "X1=", "X2=", false },
		{ "HTTP_SEC_FETCH_SITE=same-origin", "HTTP_ORIGIN=https://evil.example",
		  "HTTP_HOST=site.example", false },
		{ "HTTP_SEC_FETCH_SITE=same-origin", "HTTP_ORIGIN=null", "HTTP_HOST=null",
		  false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		char *variables[] = { "REQUEST_METHOD=POST", table[i].site,
				      table[i].origin, table[i].host, NULL };
		struct request r;

		if (request_init(&r, variables) != ERR_OK)
			fail_msg("row %zu", i);
		if (origin_is_own(&r, STR("https://site.example")) != table[i].own)
			fail_msg("row %zu: %s %s", i, table[i].site, table[i].origin);
		request_done(&r);
	}
}

static void
without_a_public_url_nothing_is_own(void **state)
{
	char *variables[] = { "REQUEST_METHOD=POST", "HTTP_ORIGIN=", NULL };
	struct request r = request_of(variables);

	(void)state;
	assert_false(origin_is_own(&r, STR("")));
	assert_false(origin_is_own(&r, STR("nonsense")));
	request_done(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_browsers_from_programs),
		cmocka_unit_test(a_script_is_no_navigation),
		cmocka_unit_test(only_our_own_pages_may_post),
		cmocka_unit_test(without_a_public_url_nothing_is_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
