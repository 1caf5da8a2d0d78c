#include "check.h"

#include <string.h>

#include "http/cors.h"
#include "request_of.h"

#define APP "HTTP_ORIGIN=https://app.example"
#define ASKS "HTTP_ACCESS_CONTROL_REQUEST_METHOD=POST"

static const char *const origins[] = { "https://app.example", "*", "null" };
static const struct cors closed = { .methods = "GET, POST" };
static const struct cors open = { origins, 3, false, "GET, POST" };
static const struct cors with_cookies = { origins, 3, true, "GET, POST" };

static bool
apply(const struct cors *c, char **variables, struct response *resp)
{
	struct request r = request_of(variables);
	bool preflight;

	response_init(resp);
	preflight = cors_apply(c, &r, resp);
	request_done(&r);
	return preflight;
}

static bool
header_is(const struct response *resp, const char *name, const char *expected)
{
	struct str value;

	if (!response_header_find(resp, name, &value))
		return expected == NULL;
	return expected != NULL && str_is(value, expected);
}

static void
lets_a_listed_origin_read(void **state)
{
	struct response resp;

	(void)state;
	assert_false(apply(&open, (char *[]){ "REQUEST_METHOD=GET", APP, NULL }, &resp));
	assert_true(
		header_is(&resp, "Access-Control-Allow-Origin", "https://app.example"));
	assert_true(header_is(&resp, "Access-Control-Allow-Credentials", NULL));
	assert_true(header_is(&resp, "Vary", "Origin"));
	assert_false(resp.complete);
	response_done(&resp);
}

static void
credentials_only_where_a_setting_says_so(void **state)
{
	struct response resp;

	(void)state;
	apply(&with_cookies, (char *[]){ "REQUEST_METHOD=GET", APP, NULL }, &resp);
	assert_true(
		header_is(&resp, "Access-Control-Allow-Origin", "https://app.example"));
	assert_true(header_is(&resp, "Access-Control-Allow-Credentials", "true"));
	response_done(&resp);
}

static void
reflects_no_other_origin(void **state)
{
	static char *const bad[] = {
		"HTTP_ORIGIN=https://evil.example",
		"HTTP_ORIGIN=https://app.example.evil.example",
		"HTTP_ORIGIN=http://app.example",
		"HTTP_ORIGIN=https://app.example:8443",
		"HTTP_ORIGIN=https://APP.example",
		"HTTP_ORIGIN=https://app.example/",
		"HTTP_ORIGIN=null",
		"HTTP_ORIGIN=*",
		"HTTP_ORIGIN=",
		"HTTP_ORIGIN=https://app.example, https://evil.example"
	};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++)
		for (int preflight = 0; preflight < 2; preflight++) {
			char *variables[] = { preflight ? "REQUEST_METHOD=OPTIONS"
							: "REQUEST_METHOD=GET",
					      bad[i], ASKS, NULL };
			struct response resp;

			apply(&with_cookies, variables, &resp);
			assert_true(
				header_is(&resp, "Access-Control-Allow-Origin", NULL));
			assert_true(header_is(&resp, "Access-Control-Allow-Credentials",
					      NULL));
			assert_true(
				header_is(&resp, "Access-Control-Allow-Methods", NULL));
			assert_true(header_is(&resp, "Vary", "Origin"));
			response_done(&resp);
		}
}

static void
answers_a_preflight(void **state)
{
	struct cors more = open;
	struct response resp;

	(void)state;
	assert_true(apply(&open, (char *[]){ "REQUEST_METHOD=OPTIONS", APP, ASKS, NULL },
			  &resp));
	assert_true(resp.complete);
	assert_int_equal(resp.status, 204);
	assert_true(header_is(&resp, "Access-Control-Allow-Methods", "GET, POST"));
	assert_true(header_is(&resp, "Access-Control-Allow-Headers",
			      "Authorization, Content-Type, X-Requested-With"));
	assert_null(strstr(buf_z(&resp.headers), "X-Token"));
	response_done(&resp);
	more.header = "X-Token";
	apply(&more, (char *[]){ "REQUEST_METHOD=OPTIONS", APP, ASKS, NULL }, &resp);
	assert_non_null(strstr(buf_z(&resp.headers),
			       "Access-Control-Allow-Headers: X-Token\r\n"));
	response_done(&resp);
}

static void
an_options_request_that_is_no_preflight_goes_on(void **state)
{
	struct response resp;

	(void)state;
	assert_false(apply(&open, (char *[]){ "REQUEST_METHOD=OPTIONS", NULL }, &resp));
	response_done(&resp);
	assert_false(
		apply(&open, (char *[]){ "REQUEST_METHOD=OPTIONS", APP, NULL }, &resp));
	response_done(&resp);
}

static void
without_a_list_there_is_no_header_at_all(void **state)
{
	struct response resp;

	(void)state;
	apply(&closed, (char *[]){ "REQUEST_METHOD=GET", APP, NULL }, &resp);
	assert_true(header_is(&resp, "Access-Control-Allow-Origin", NULL));
	assert_true(header_is(&resp, "Vary", NULL));
	response_done(&resp);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lets_a_listed_origin_read),
		cmocka_unit_test(credentials_only_where_a_setting_says_so),
		cmocka_unit_test(reflects_no_other_origin),
		cmocka_unit_test(answers_a_preflight),
		cmocka_unit_test(an_options_request_that_is_no_preflight_goes_on),
		cmocka_unit_test(without_a_list_there_is_no_header_at_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
