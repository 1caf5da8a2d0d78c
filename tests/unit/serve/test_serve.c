/*
 * What is answered, and what in place of no answer.
 */
#include "served.h"

static void
writes_a_complete_answer(void **state)
{
	struct buf out;

	(void)state;
	assert_int_equal(once(&usual, (char *[]){ GET, NULL }, STR(""), &out), 200);
	assert_true(str_starts_with(buf_str(&out), STR("Status: 200 OK\r\n")));
	assert_true(says(&out, "\r\nX-Other: 1\r\n"));
	assert_true(says(&out, "\r\nContent-Length: 7\r\n"));
	assert_true(str_ends_with(buf_str(&out), STR("\r\n\r\n{\"a\":1}")));
	buf_done(&out);
}

static void
a_head_request_gets_the_head(void **state)
{
	struct buf out;

	(void)state;
	assert_int_equal(
		once(&usual, (char *[]){ "REQUEST_METHOD=HEAD", NULL }, STR(""), &out),
		200);
	assert_true(says(&out, "\r\nContent-Length: 7\r\n"));
	assert_true(str_ends_with(buf_str(&out), STR("\r\n\r\n")));
	buf_done(&out);
}

static void
silence_and_half_answers_are_refusals(void **state)
{
	static void (*const handlers[])(struct app *, const struct request *,
					struct response *) = { says_nothing, says_half,
							       breaks_a_header };

	(void)state;
	for (size_t i = 0; i < COUNT(handlers); i++)
		for (int role = 0; role < 2; role++) {
			struct program p = { .name = "test",
					     .handle = handlers[i],
					     .authorizes = true };
			char *variables[] = { GET, role ? AUTHORIZER : NULL, NULL };
			struct buf out;

			assert_int_equal(once(&p, variables, STR(""), &out), 500);
			assert_false(says(&out, "half"));
			assert_false(says(&out, "Variable-"));
			buf_done(&out);
		}
	assert_int_equal(calls, 6);
}

static void
says_no_more(struct app *app, const struct request *req, struct response *resp,
	     int status, const char *code, const char *description)
{
	(void)status;
	(void)code;
	(void)description;
	says_half(app, req, resp);
}

static void
a_browser_gets_the_page_for_silence(void **state)
{
	struct program p = { .name = "test", .handle = says_nothing, .error = in_html };
	char *variables[] = { GET, "HTTP_ACCEPT=text/html", NULL };
	struct buf out;

	(void)state;
	assert_int_equal(once(&p, variables, STR(""), &out), 500);
	assert_true(says(&out, "<p>no"));
	buf_done(&out);
	p.error = says_no_more;
	assert_int_equal(once(&p, variables, STR(""), &out), 500);
	assert_false(says(&out, "half"));
	buf_done(&out);
}

static void
an_authorizers_yes_is_variables_and_nothing_else(void **state)
{
	struct buf out;

	(void)state;
	assert_int_equal(once(&gate, (char *[]){ GET, AUTHORIZER, NULL }, STR(""), &out),
			 200);
	assert_string_equal(buf_z(&out),
			    "Status: 200 OK\r\nVariable-REMOTE_USER: ann\r\n\r\n");
	buf_done(&out);
}

static void
an_authorizer_says_yes_by_200_only(void **state)
{
	struct program p = { .name = "test", .handle = answers_204, .authorizes = true };

	(void)state;
	assert_int_equal(once(&p, (char *[]){ GET, AUTHORIZER, NULL }, STR(""), NULL),
			 500);
	assert_int_equal(once(&p, (char *[]){ GET, NULL }, STR(""), NULL), 204);
}

static void
a_program_that_is_no_authorizer_lets_nobody_in(void **state)
{
	(void)state;
	assert_int_equal(once(&usual, (char *[]){ GET, AUTHORIZER, NULL }, STR(""), NULL),
			 403);
	assert_int_equal(calls, 0);
}

static void
a_client_that_has_gone_is_survived(void **state)
{
	struct serving s;
	struct client c = { .gone = true };

	(void)state;
	assert_true(serving_init(&s, &usual, settings));
	send_to(&s, &c, (char *[]){ GET, NULL }, STR(""));
	assert_int_equal(c.out.n, 0);
	c.gone = false;
	send_to(&s, &c, (char *[]){ GET, NULL }, STR(""));
	assert_int_equal(status_of(&c), 200);
	buf_done(&c.out);
	serving_done(&s);
}

static void
errors_have_the_programs_own_page_for_those_who_want_html(void **state)
{
	struct program p = usual;
	struct buf out;

	(void)state;
	assert_int_equal(once(&p,
			      (char *[]){ POST, "HTTP_ACCEPT=text/html",
					  "CONTENT_LENGTH=9", NULL },
			      STR("x"), &out),
			 400);
	assert_true(says(&out, "<h1>Bad Request</h1>"));
	buf_done(&out);
	p.error = in_html;
	assert_int_equal(once(&p,
			      (char *[]){ POST, "HTTP_ACCEPT=text/html",
					  "CONTENT_LENGTH=9", NULL },
			      STR("x"), &out),
			 400);
	assert_true(says(&out, "<p>no"));
	buf_done(&out);
	assert_int_equal(
		once(&p, (char *[]){ POST, "CONTENT_LENGTH=9", NULL }, STR("x"), &out),
		400);
	assert_true(says(&out, "\"error\":\"invalid_request\""));
	buf_done(&out);
}

static void
other_origins_see_refusals_too(void **state)
{
	struct program p = usual;
	struct buf out;

	(void)state;
	p.cors = "GET";
	write_settings(settings, WITH_CORS);
	assert_int_equal(
		once(&p,
		     (char *[]){ "REQUEST_METHOD=OPTIONS",
				 "HTTP_ORIGIN=https://app.example",
				 "HTTP_ACCESS_CONTROL_REQUEST_METHOD=GET", NULL },
		     STR(""), &out),
		204);
	assert_true(says(&out, "Access-Control-Allow-Methods: GET\r\n"));
	assert_false(says(&out, "Content-Length"));
	buf_done(&out);
	assert_int_equal(calls, 0);
	assert_int_equal(once(&p,
			      (char *[]){ POST, "HTTP_ORIGIN=https://app.example",
					  "CONTENT_LENGTH=9", NULL },
			      STR("x"), &out),
			 400);
	assert_true(says(&out, "Access-Control-Allow-Origin: https://app.example\r\n"));
	buf_done(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(writes_a_complete_answer),
		TEST(a_head_request_gets_the_head),
		TEST(silence_and_half_answers_are_refusals),
		TEST(a_browser_gets_the_page_for_silence),
		TEST(an_authorizers_yes_is_variables_and_nothing_else),
		TEST(an_authorizer_says_yes_by_200_only),
		TEST(a_program_that_is_no_authorizer_lets_nobody_in),
		TEST(a_client_that_has_gone_is_survived),
		TEST(errors_have_the_programs_own_page_for_those_who_want_html),
		TEST(other_origins_see_refusals_too),
	};

	log_open("test", LOG_ERROR + 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
