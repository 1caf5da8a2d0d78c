#include "check.h"

#include <stdio.h>

#include "http/accept.h"
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
weighs_languages(void **state)
{
	static const struct {
		const char *header, *preferred;
	} cases[] = {
		{ "", "en" },
		{ "de", "de" },
		{ "de,en;q=0.5", "de" },
		{ "en;q=0.5,de", "de" },
		{ "de;q=0.5, en", "en" },
		{ "de-AT,de;q=0.9,en-US;q=0.8,en;q=0.7", "de" },
		{ "DE-at", "de" },
		{ "de-AT;q=0.9", "de" },
		{ "pt", "pt-br" },
		{ "PT-BR;q=1.000", "pt-br" },
		{ "pt-PT", "en" }, /* not a kind of pt-br */
		{ "p", "en" },
		{ "pt-", "en" },
		{ "deu", "en" },
		{ "fr, it", "en" },
		{ "fr, de;q=0.1", "de" },
		{ "de, pt", "de" }, /* alike: the first named */
		{ "pt, de", "pt-br" },
		{ "*", "en" },
		{ "*;q=0.5, de", "de" },
		{ "en;q=0, *", "de" }, /* any but English */
		{ "*;q=0.5, en;q=0.2", "de" },
		{ "en;q=0", "en" }, /* nothing else is wanted either */
		{ "de;q=0, en;q=0", "en" },
		{ "de;q=2", "en" }, /* no qvalue */
		{ "de;q=0.1234", "en" },
		{ "de;q", "en" },
		{ "de;level=1;q=0.8, pt;q=0.7", "de" },
		{ ",,;,de;,", "de" },
		{ "de\t;\tq=0.2 , pt ; q=0.1", "de" },
	};
	static const struct str tags[] = { { "en", 2 }, { "de", 2 }, { "pt-br", 5 } };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		size_t got = accept_language(str_of(cases[i].header), tags, COUNT(tags));

		if (!str_is(tags[got], cases[i].preferred))
			fail_msg("\"%s\": %s", cases[i].header, tags[got].p);
	}
	assert_int_equal(accept_language(STR("de"), tags, 1), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(weighs_languages),
		cmocka_unit_test(tells_browsers_from_programs),
		cmocka_unit_test(a_script_is_no_navigation),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
