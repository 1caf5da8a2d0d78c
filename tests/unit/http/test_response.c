#include "check.h"

#include <string.h>

#include "http/authenticate.h"
#include "http/response.h"

static bool
has_line(const struct response *r, const char *line)
{
	return strstr(buf_z(&r->headers), line) != NULL;
}

static void
every_answer_carries_the_protecting_headers(void **state)
{
	static const char *const names[] = { "Cache-Control", "X-Content-Type-Options",
					     "Content-Security-Policy", "Referrer-Policy",
					     "X-Frame-Options" };
	struct response r;
	struct str value;

	(void)state;
	response_init(&r);
	response_header(&r, "X-Other", STR("1"));
	response_reset(&r);
	for (size_t i = 0; i < COUNT(names); i++)
		assert_true(response_header_find(&r, names[i], &value));
	assert_true(response_header_find(&r, "cache-control", &value));
	assert_true(str_is(value, "no-store"));
	assert_true(response_header_find(&r, "Referrer-Policy", &value));
	assert_true(str_is(value, "same-origin"));
	assert_false(response_header_find(&r, "X-Other", &value));
	response_done(&r);
}

static void
is_incomplete_until_something_completes_it(void **state)
{
	struct response r;

	(void)state;
	response_init(&r);
	assert_false(r.complete);
	response_header(&r, "Location", STR("/"));
	response_body(&r, STR("half"));
	assert_false(r.complete);
	assert_int_equal(r.status, 0);
	response_json(&r, 200, STR("{}"));
	assert_true(r.complete);
	assert_true(str_is(buf_str(&r.body), "{}"));
	response_done(&r);
}

static void
a_status_that_is_none_completes_nothing(void **state)
{
	static const int bad[] = { 0, -1, 100, 199, 600, 1000 };
	struct response r;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		response_init(&r);
		response_empty(&r, bad[i]);
		assert_false(r.complete);
		response_done(&r);
	}
}

static void
refuses_control_bytes_in_a_header(void **state)
{
	static const struct str bad[] = { { "a\nSet-Cookie: x=1", 16 },
					  { "a\r\n\r\n<html>", 11 },
					  { "a\0b", 3 },
					  { "a\tb", 3 },
					  { "a\x7f", 2 } };
	struct response r;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		response_init(&r);
		assert_false(response_header(&r, "Location", bad[i]));
		response_json(&r, 200, STR("{}"));
		assert_false(r.complete);
		response_done(&r);
	}
}

static void
refuses_a_header_name_that_is_no_token(void **state)
{
	static const char *const bad[] = { "", "A B", "A:", "A\r\nB", "\xc3\xa9", "A(" };
	struct response r;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		response_init(&r);
		assert_false(response_headerz(&r, bad[i], "1"));
		response_empty(&r, 204);
		assert_false(r.complete);
		response_done(&r);
	}
}

static void
refuses_a_body_over_its_ceiling(void **state)
{
	static char large[RESPONSE_BODY_MAX + 1];
	struct response r;

	(void)state;
	response_init(&r);
	response_send(&r, 200, "text/plain", (struct str){ large, sizeof(large) });
	assert_false(r.complete);
	response_reset(&r);
	response_send(&r, 200, "text/plain", (struct str){ large, sizeof(large) - 1 });
	assert_true(r.complete);
	response_done(&r);
}

static void
a_header_is_replaced_whatever_its_case(void **state)
{
	struct response r;

	(void)state;
	response_init(&r);
	response_header(&r, "X-One", STR("1"));
	response_header(&r, "X-One-More", STR("2"));
	response_header(&r, "x-one", STR("3"));
	assert_false(has_line(&r, "X-One: 1\r\n"));
	assert_true(has_line(&r, "x-one: 3\r\n"));
	assert_true(has_line(&r, "X-One-More: 2\r\n"));
	response_header_add(&r, "Set-Cookie", STR("a=1"));
	response_header_add(&r, "Set-Cookie", STR("b=2"));
	assert_true(has_line(&r, "Set-Cookie: a=1\r\nSet-Cookie: b=2\r\n"));
	response_header_remove(&r, "set-cookie");
	assert_false(has_line(&r, "Set-Cookie"));
	response_done(&r);
}

/*
 * 422 was sent as "Unknown". The phrases are IANA's; make lint compares the statuses
 * that are sent.
 */
static void
each_status_has_the_phrase_that_is_registered(void **state)
{
	static const struct {
		int status;
		const char *reason;
	} table[] = {
		{ 200, "OK" },
		{ 204, "No Content" },
		{ 206, "Partial Content" },
		{ 300, "Multiple Choices" },
		{ 301, "Moved Permanently" },
		{ 302, "Found" },
		{ 303, "See Other" },
		{ 304, "Not Modified" },
		{ 307, "Temporary Redirect" },
		{ 308, "Permanent Redirect" },
		{ 400, "Bad Request" },
		{ 401, "Unauthorized" },
		{ 403, "Forbidden" },
		{ 404, "Not Found" },
		{ 405, "Method Not Allowed" },
		{ 406, "Not Acceptable" },
		{ 408, "Request Timeout" },
		{ 409, "Conflict" },
		{ 410, "Gone" },
		{ 411, "Length Required" },
		{ 412, "Precondition Failed" },
		{ 413, "Content Too Large" },
		{ 414, "URI Too Long" },
		{ 415, "Unsupported Media Type" },
		{ 416, "Range Not Satisfiable" },
		{ 417, "Expectation Failed" },
		{ 421, "Misdirected Request" },
		{ 422, "Unprocessable Content" },
		{ 423, "Locked" },
		{ 424, "Failed Dependency" },
		{ 426, "Upgrade Required" },
		{ 428, "Precondition Required" },
		{ 429, "Too Many Requests" },
		{ 431, "Request Header Fields Too Large" },
		{ 451, "Unavailable For Legal Reasons" },
		{ 500, "Internal Server Error" },
		{ 501, "Not Implemented" },
		{ 502, "Bad Gateway" },
		{ 503, "Service Unavailable" },
		{ 504, "Gateway Timeout" },
		{ 505, "HTTP Version Not Supported" },
		{ 507, "Insufficient Storage" },
		{ 508, "Loop Detected" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++)
		assert_string_equal(response_reason(table[i].status), table[i].reason);
	assert_string_equal(response_reason(299), "Unknown");
}

static void
redirects_with_303_and_no_body(void **state)
{
	struct response r;
	struct str value;

	(void)state;
	response_init(&r);
	response_body(&r, STR("secret"));
	response_see_other(&r, STR("/next?x=1"));
	assert_true(r.complete);
	assert_int_equal(r.status, 303);
	assert_int_equal(r.body.n, 0);
	assert_true(response_header_find(&r, "Location", &value));
	assert_true(str_is(value, "/next?x=1"));
	response_reset(&r);
	response_see_other(&r, STR(""));
	assert_false(r.complete);
	response_done(&r);
}

static void
an_error_is_json_whatever_the_words(void **state)
{
	struct response r;

	(void)state;
	response_init(&r);
	response_error(&r, 400, "bad", "say \"no\" \\ \n\xff");
	assert_true(r.complete);
	assert_string_equal(buf_z(&r.body), "{\"error\":\"bad\",\"error_description\":"
					    "\"say \\\"no\\\" \\\\ \\u000a?\"}\n");
	response_done(&r);
}

static void
a_wrong_method_is_told_the_right_ones(void **state)
{
	struct response r;

	(void)state;
	response_init(&r);
	response_method_not_allowed(&r, "GET, HEAD");
	assert_int_equal(r.status, 405);
	assert_true(has_line(&r, "Allow: GET, HEAD\r\n"));
	response_done(&r);
}

static void
asks_for_a_bearer_token_as_rfc_6750_wants(void **state)
{
	struct response r;

	(void)state;
	response_init(&r);
	authenticate_bearer(&r, "My \"site\" \\", NULL, "unused");
	assert_true(has_line(
		&r, "WWW-Authenticate: Bearer realm=\"My \\\"site\\\" \\\\\"\r\n"));
	authenticate_bearer(&r, "x", "invalid_token", "it is \"old\" \\ \r\n\xc3\xa9.");
	assert_true(has_line(&r, "WWW-Authenticate: Bearer realm=\"x\", "
				 "error=\"invalid_token\", "
				 "error_description=\"it is old  .\"\r\n"));
	assert_false(r.failed);
	response_done(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_answer_carries_the_protecting_headers),
		cmocka_unit_test(is_incomplete_until_something_completes_it),
		cmocka_unit_test(a_status_that_is_none_completes_nothing),
		cmocka_unit_test(refuses_control_bytes_in_a_header),
		cmocka_unit_test(refuses_a_header_name_that_is_no_token),
		cmocka_unit_test(refuses_a_body_over_its_ceiling),
		cmocka_unit_test(a_header_is_replaced_whatever_its_case),
		cmocka_unit_test(each_status_has_the_phrase_that_is_registered),
		cmocka_unit_test(redirects_with_303_and_no_body),
		cmocka_unit_test(an_error_is_json_whatever_the_words),
		cmocka_unit_test(a_wrong_method_is_told_the_right_ones),
		cmocka_unit_test(asks_for_a_bearer_token_as_rfc_6750_wants),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
