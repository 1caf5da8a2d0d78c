#include "csp/csp.h"

#include "check.h"

#define POLICY "default-src 'none'; form-action 'self'; base-uri 'none'"

static bool
lead_to(const char *policy, const char *source, struct buf *out)
{
	buf_init(out, 4096);
	return csp_lead_to(out, str_of(policy), str_of(source));
}

static void
names_one_more_place_for_forms(void **state)
{
	static const struct {
		const char *source, *wanted;
	} places[] = {
#define WITH(named) "default-src 'none'; form-action 'self' " named "; base-uri 'none'"
		{ "https://app.example", WITH("https://app.example") },
		{ "https://app.example:8443", WITH("https://app.example:8443") },
		{ "https://my_app.xn--bcher-kva.example",
		  WITH("https://my_app.xn--bcher-kva.example") },
		{ "http://127.0.0.1:51234", WITH("http://127.0.0.1:51234") },
		{ "http://[::1]:51234", WITH("http:") },
		{ "https://[2001:db8::1]", WITH("https:") },
		{ "http:", WITH("http:") },
		{ "com.example.app:", WITH("com.example.app:") },
#undef WITH
	};
	struct buf out;

	(void)state;
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		assert_true(lead_to(POLICY, places[i].source, &out));
		assert_string_equal(buf_z(&out), places[i].wanted);
		buf_done(&out);
	}
}

static void
adds_to_a_policy_that_ends_with_form_action(void **state)
{
	struct buf out;

	(void)state;
	assert_true(
		lead_to("form-action 'self' https://a.example", "app.example:", &out));
	assert_string_equal(buf_z(&out),
			    "form-action 'self' https://a.example app.example:");
	buf_done(&out);
}

static void
refuses_a_source_that_could_say_something_else(void **state)
{
	static const char *const bad[] = {
		"",
		"https://app.example; script-src *",
		"https://app.example *",
		"*",
		"https://*.example",
		"https://",
		"https://app.example/path",
		"HTTPS:",
		"javascript:",
		"data:",
		".app:",
		"com.example.app:x",
		"com.example.app",
		"https://app.example:",
		"https://app.example:80a",
		"https://app.example:123456",
		"https://u@app.example",
		"https://[::1",
		"https://[]",
		"https://[::1]x",
		"https://[::1]:",
		"'self'",
		"app.example",
		"ftp://app.example",
		"https://app.example\r\nX: y",
		"https://app.example,",
	};
	struct buf out;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		assert_false(lead_to(POLICY, bad[i], &out));
		assert_int_equal(out.n, 0);
		buf_done(&out);
	}
	buf_init(&out, 4096);
	assert_false(csp_lead_to(&out, STR(POLICY), STR("https://app\0.example")));
	buf_done(&out);
}

static void
adds_nothing_to_a_policy_without_form_action(void **state)
{
	struct buf out;

	(void)state;
	assert_false(lead_to("default-src 'none'", "https://app.example", &out));
	assert_int_equal(out.n, 0);
	buf_done(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_one_more_place_for_forms),
		cmocka_unit_test(adds_to_a_policy_that_ends_with_form_action),
		cmocka_unit_test(refuses_a_source_that_could_say_something_else),
		cmocka_unit_test(adds_nothing_to_a_policy_without_form_action),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
