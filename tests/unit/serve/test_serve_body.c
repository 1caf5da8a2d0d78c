/*
 * Requests and their bodies.
 */
#include "served.h"

static char large[REQUEST_BODY_MAX * 3];

static void
reads_a_body_to_its_end(void **state)
{
	struct str body = { large, REQUEST_BODY_MAX };
	char length[64];

	(void)state;
	memset(large, 'x', sizeof(large));
	assert_int_equal(once(&usual, (char *[]){ POST, NULL }, STR("chunked"), NULL),
			 200);
	assert_true(str_is(seen_body, "chunked"));
	snprintf(length, sizeof(length), "CONTENT_LENGTH=%d", REQUEST_BODY_MAX);
	assert_int_equal(once(&usual, (char *[]){ POST, length, NULL }, body, NULL), 200);
	assert_true(str_eq(seen_body, body));
}

static void
refuses_a_body_that_is_too_large(void **state)
{
	static const struct {
		char *type, *length;
		size_t n;
	} table[] = {
		{ "X1=", "X2=", REQUEST_BODY_MAX + 1 },
		{ "X1=", "X2=", sizeof(large) },
		{ "X1=", "CONTENT_LENGTH=65537", REQUEST_BODY_MAX + 1 },
		{ "X1=", "CONTENT_LENGTH=9223372036854775807", 10 },
		{ "CONTENT_TYPE=application/json", "X2=", REQUEST_JSON_MAX + 1 },
		{ "CONTENT_TYPE=application/json; charset=utf-8", "CONTENT_LENGTH=16385",
		  REQUEST_JSON_MAX + 1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		char *variables[] = { POST, table[i].type, table[i].length, NULL };

		assert_int_equal(
			once(&usual, variables, (struct str){ large, table[i].n }, NULL),
			413);
	}
	assert_int_equal(calls, 0);
	assert_int_equal(once(&usual,
			      (char *[]){ POST, "CONTENT_TYPE=application/json", NULL },
			      (struct str){ large, REQUEST_JSON_MAX }, NULL),
			 200);
}

static void
refuses_a_body_of_another_length_than_was_said(void **state)
{
	static char *const lengths[] = { "CONTENT_LENGTH=5",
					 "CONTENT_LENGTH=3",
					 "CONTENT_LENGTH=0",
					 "CONTENT_LENGTH=-1",
					 "CONTENT_LENGTH=04",
					 "CONTENT_LENGTH=+4",
					 "CONTENT_LENGTH=4x",
					 "CONTENT_LENGTH=4, 4",
					 "CONTENT_LENGTH=99999999999999999999" };

	(void)state;
	for (size_t i = 0; i < COUNT(lengths); i++)
		assert_int_equal(once(&usual, (char *[]){ POST, lengths[i], NULL },
				      STR("body"), NULL),
				 400);
	assert_int_equal(calls, 0);
}

/* mod_cgi may leave the pipe open: no byte more than was announced is asked for. */
static void
as_cgi_reads_no_further_than_the_length(void **state)
{
	char *variables[] = { POST, "CONTENT_LENGTH=4", NULL };
	char *none[] = { GET, NULL };
	struct serving s;
	struct client c = { 0 };

	(void)state;
	assert_true(serving_init(&s, &usual, settings));
	c.io = (struct serve_io){ variables, client_read, client_write, &c, true };
	c.body = STR("bodyGET / HTTP/1.1");
	buf_init(&c.out, RESPONSE_BODY_MAX);
	serving_handle(&s, &c.io);
	assert_int_equal(status_of(&c), 200);
	assert_true(str_is(seen_body, "body"));
	assert_int_equal(c.read, 4);
	buf_clear(&c.out);
	c.io.variables = none;
	serving_handle(&s, &c.io);
	assert_int_equal(status_of(&c), 200);
	assert_int_equal(c.read, 4);
	buf_done(&c.out);
	serving_done(&s);
}

static void
an_authorizer_has_no_body_to_read(void **state)
{
	struct serving s;
	struct client c = { 0 };

	(void)state;
	assert_true(serving_init(&s, &gate, settings));
	send_to(&s, &c, (char *[]){ POST, AUTHORIZER, "CONTENT_LENGTH=1000000", NULL },
		STR("body"));
	assert_int_equal(status_of(&c), 200);
	assert_int_equal(c.read, 0);
	buf_done(&c.out);
	serving_done(&s);
}

static void
refuses_malformed_requests(void **state)
{
	struct program p = usual;

	(void)state;
	assert_int_equal(once(&gate,
			      (char *[]){ GET, "HTTP_AUTHORIZATION=a",
					  "HTTP_AUTHORIZATION=b", NULL },
			      STR(""), NULL),
			 400);
	assert_int_equal(once(&gate,
			      (char *[]){ GET, AUTHORIZER, "HTTP_COOKIE=a",
					  "HTTP_COOKIE=a", NULL },
			      STR(""), NULL),
			 400);
	assert_int_equal(once(&gate, (char *[]){ NULL }, STR(""), NULL), 400);
	/* not even a preflight */
	p.cors = "GET";
	assert_int_equal(once(&p,
			      (char *[]){ "REQUEST_METHOD=OPTIONS",
					  "HTTP_ORIGIN=https://app.example",
					  "HTTP_ACCESS_CONTROL_REQUEST_METHOD=GET",
					  "HTTP_COOKIE=a", "HTTP_COOKIE=a", NULL },
			      STR(""), NULL),
			 400);
	assert_int_equal(calls, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(reads_a_body_to_its_end),
		TEST(refuses_a_body_that_is_too_large),
		TEST(refuses_a_body_of_another_length_than_was_said),
		TEST(as_cgi_reads_no_further_than_the_length),
		TEST(an_authorizer_has_no_body_to_read),
		TEST(refuses_malformed_requests),
	};

	log_open("test", LOG_ERROR + 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
