#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "serve/serve_request.h"

#define SETTINGS "public_url = https://site.example\n"
#define WITH_CORS SETTINGS "cors_origins = https://app.example\n"
#define GET "REQUEST_METHOD=GET"
#define POST "REQUEST_METHOD=POST"
#define AUTHORIZER "FCGI_ROLE=AUTHORIZER"

/* ---- a program, a client and a settings file to try it with ---- */

static int calls;
static struct str seen_body;
static char seen_bytes[REQUEST_BODY_MAX + 1];

static void
answers(struct app *app, const struct request *req, struct response *resp)
{
	(void)app;
	calls++;
	memcpy(seen_bytes, buf_z(&req->body), req->body.n);
	seen_body = (struct str){ seen_bytes, req->body.n };
	response_header(resp, "Variable-REMOTE_USER", STR("ann"));
	response_header(resp, "X-Other", STR("1"));
	response_json(resp, 200, STR("{\"a\":1}"));
}

static void
says_nothing(struct app *app, const struct request *req, struct response *resp)
{
	(void)app;
	(void)req;
	(void)resp;
	calls++;
}

static void
says_half(struct app *app, const struct request *req, struct response *resp)
{
	says_nothing(app, req, resp);
	resp->status = 200;
	response_header(resp, "Variable-REMOTE_USER", STR("ann"));
	response_body(resp, STR("half"));
}

static void
breaks_a_header(struct app *app, const struct request *req, struct response *resp)
{
	says_nothing(app, req, resp);
	response_header(resp, "Variable-REMOTE_USER", STR("ann\nVariable-ROLE: admin"));
	response_empty(resp, 200);
}

static void
answers_204(struct app *app, const struct request *req, struct response *resp)
{
	says_nothing(app, req, resp);
	response_empty(resp, 204);
}

static void
in_html(struct app *app, const struct request *req, struct response *resp, int status,
	const char *code, const char *description)
{
	(void)app;
	(void)req;
	(void)code;
	(void)description;
	response_send(resp, status, "text/html; charset=utf-8", STR("<p>no"));
}

static enum err power_result;
static int power_closed;

static enum err
power_try(const struct app *app, void **opened, struct why *why)
{
	(void)app;
	*opened = &power_result;
	return power_result == ERR_OK ? ERR_OK
				      : why_set(why, power_result, "it is broken");
}

static enum err
power_again(const struct app *app, void *opened, struct why *why)
{
	return power_try(app, &opened, why);
}

static void
power_end(void *opened)
{
	assert_ptr_equal(opened, &power_result);
	power_closed++;
}

static const struct power fickle = { "fickle", power_try, power_again, power_end };

static const struct program usual = { .name = "test", .handle = answers };
static const struct program gate = { .name = "test",
				     .handle = answers,
				     .authorizes = true };

struct client {
	struct serve_io io;
	struct str body;
	struct buf out;
	size_t read; /* bytes that were asked for */
	bool gone;   /* takes no answer */
};

static ssize_t
client_read(void *handle, char *to, size_t n)
{
	struct client *c = handle;
	struct str part = str_sub(c->body, 0, n < 1000 ? n : 1000);

	memcpy(to, part.p, part.n);
	c->body = str_sub(c->body, part.n, c->body.n);
	c->read += part.n;
	return (ssize_t)part.n;
}

static bool
client_write(void *handle, struct str bytes)
{
	struct client *c = handle;

	return !c->gone && buf_add(&c->out, bytes);
}

static char directory[64], settings[128], named[160];

static void
write_settings(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static int
make_directory(void **state)
{
	(void)state;
	strcpy(directory, "/tmp/doorward-serve-XXXXXX");
	assert_non_null(mkdtemp(directory));
	snprintf(settings, sizeof(settings), "%s/doorward.conf", directory);
	snprintf(named, sizeof(named), "DOORWARD_CONFIG=%s", settings);
	write_settings(settings, SETTINGS);
	calls = 0;
	power_result = ERR_OK;
	power_closed = 0;
	return 0;
}

static int
remove_directory(void **state)
{
	(void)state;
	unlink(settings);
	return rmdir(directory);
}

static void
send_to(struct serving *s, struct client *c, char **variables, struct str body)
{
	c->io = (struct serve_io){ variables, client_read, client_write, c, false };
	c->body = body;
	buf_init(&c->out, RESPONSE_BODY_MAX);
	serving_handle(s, &c->io);
}

static int
status_of(const struct client *c)
{
	int status = 0;

	assert_int_equal(sscanf(buf_z(&c->out), "Status: %d ", &status), 1);
	return status;
}

/* One request to a fresh process; the status. */
static int
once(const struct program *p, char **variables, struct str body, struct buf *out)
{
	struct serving s;
	struct client c = { 0 };
	int status;

	assert_true(serving_init(&s, p, settings));
	send_to(&s, &c, variables, body);
	status = status_of(&c);
	if (out != NULL)
		*out = c.out;
	else
		buf_done(&c.out);
	serving_done(&s);
	return status;
}

static bool
says(const struct buf *out, const char *text)
{
	return strstr(buf_z(out), text) != NULL;
}

/* ---- answers ---- */

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

static int
next_status(struct serving *s)
{
	struct client c = { 0 };
	int status;

	send_to(s, &c, (char *[]){ GET, NULL }, STR(""));
	status = status_of(&c);
	buf_done(&c.out);
	return status;
}

static void
follows_its_settings_file(void **state)
{
	struct serving s;

	(void)state;
	assert_true(serving_init(&s, &usual, settings));
	assert_int_equal(next_status(&s), 200);
	write_settings(settings, SETTINGS "site_name = new\n");
	assert_int_equal(next_status(&s), 200);
	assert_string_not_equal(s.config.site_name, "new"); /* may be half written */
	usleep(2100000);
	assert_int_equal(next_status(&s), 200);
	assert_string_equal(s.config.site_name, "new");
	unlink(settings);
	assert_int_equal(next_status(&s), 503);
	write_settings(settings, SETTINGS);
	assert_int_equal(next_status(&s), 200);
	assert_int_equal(chmod(settings, 0646), 0);
	assert_int_equal(next_status(&s), 503);
	assert_int_equal(chmod(settings, 0644), 0);
	assert_int_equal(next_status(&s), 200);
	serving_done(&s);
}

/* As if it had been broken for that time already; a new process knows no others. */
static void
broken_settings_leave_the_last_good_ones_for_ten_minutes(void **state)
{
	struct serving s;

	(void)state;
	assert_true(serving_init(&s, &usual, settings));
	assert_int_equal(next_status(&s), 200);
	write_settings(settings, SETTINGS "rule = half a\nunk");
	usleep(2100000);
	assert_int_equal(next_status(&s), 200);
	assert_int_equal(s.config_watch.error, ERR_SYNTAX);
	assert_int_equal(once(&usual, (char *[]){ GET, NULL }, STR(""), NULL), 503);
	s.config_watch.keep_until -= 590000;
	assert_int_equal(next_status(&s), 200);
	s.config_watch.keep_until -= 10000;
	assert_int_equal(next_status(&s), 503);
	assert_int_equal(next_status(&s), 503);
	write_settings(settings, SETTINGS);
	assert_int_equal(next_status(&s), 200);
	serving_done(&s);
}

static enum err
refuses_a_site_called_no(const struct config *c, struct why *why)
{
	return strcmp(c->site_name, "no") != 0 ? ERR_OK
					       : why_set(why, ERR_SYNTAX, "called no");
}

/* A rule that cannot be read, say. */
static void
settings_that_a_power_refuses_leave_the_last_good_ones(void **state)
{
	const struct power picky = { "picky", power_try, NULL, power_end,
				     .check = refuses_a_site_called_no };
	struct program p = usual;
	struct serving s;

	(void)state;
	p.powers[0] = &picky;
	assert_true(serving_init(&s, &p, settings));
	assert_int_equal(next_status(&s), 200);
	write_settings(settings, SETTINGS "site_name = no\n");
	usleep(2100000);
	assert_int_equal(next_status(&s), 200);
	assert_int_equal(s.config_watch.error, ERR_SYNTAX);
	assert_string_not_equal(s.config.site_name, "no");
	serving_done(&s);
}

/* Nothing is closed and opened again because a file was touched. */
static void
settings_that_say_the_same_change_nothing(void **state)
{
	struct program p = usual;
	struct serving s;

	(void)state;
	p.powers[0] = &fickle;
	assert_true(serving_init(&s, &p, settings));
	assert_int_equal(next_status(&s), 200);
	assert_int_equal(chmod(settings, 0640), 0);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(next_status(&s), 200);
		usleep(60000);
	}
	assert_int_equal(power_closed, 0);
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

/* ---- bodies ---- */

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

/* ---- settings and powers ---- */

static void
serves_once_the_settings_can_be_read(void **state)
{
	struct serving s;
	struct client c = { 0 };
	static const struct {
		const char *text; /* NULL: no such file */
		int status;
	} steps[] = { { NULL, 503 },
		      { "nonsense = 1\n", 503 },
		      { SETTINGS, 200 },
		      { "read only once", 200 } };

	(void)state;
	assert_true(serving_init(&s, &gate, settings));
	for (size_t i = 0; i < COUNT(steps); i++)
		for (int role = 0; role < 2; role++) {
			char *variables[] = { GET, role ? AUTHORIZER : NULL, NULL };

			if (steps[i].text == NULL)
				unlink(settings);
			else
				write_settings(settings, steps[i].text);
			send_to(&s, &c, variables, STR(""));
			assert_int_equal(status_of(&c), steps[i].status);
			assert_false(says(&c.out, "nonsense"));
			assert_false(says(&c.out, directory));
			buf_done(&c.out);
		}
	serving_done(&s);
}

static int
ask(struct serving *s, char *variable)
{
	struct client c = { 0 };
	int status;

	send_to(s, &c, (char *[]){ GET, variable, NULL }, STR(""));
	status = status_of(&c);
	buf_done(&c.out);
	return status;
}

static void
a_process_serves_the_settings_it_was_bound_to_and_no_other(void **state)
{
	char redirected[200], twice[200], header[200];
	struct serving s;

	(void)state;
	snprintf(redirected, sizeof(redirected), "REDIRECT_%s", named);
	snprintf(twice, sizeof(twice), "REDIRECT_REDIRECT_%s", named);
	snprintf(header, sizeof(header), "HTTP_%s", named);
	assert_true(serving_init(&s, &usual, NULL));
	assert_int_equal(ask(&s, header), 503);
	assert_int_equal(ask(&s, NULL), 503);
	assert_int_equal(ask(&s, "DOORWARD_CONFIG=doorward.conf"), 503);
	assert_int_equal(ask(&s, named), 200);
	assert_int_equal(ask(&s, redirected), 200);
	assert_int_equal(ask(&s, twice), 200);
	assert_int_equal(ask(&s, "DOORWARD_CONFIG=/other/doorward.conf"), 503);
	assert_int_equal(ask(&s, "REDIRECT_DOORWARD_CONFIG=/other/doorward.conf"), 503);
	assert_int_equal(ask(&s, NULL), 503);
	assert_int_equal(ask(&s, header), 503);
	assert_int_equal(ask(&s, named), 200);
	serving_done(&s);
	assert_int_equal(calls, 4);
}

static void
the_processs_own_settings_cannot_be_replaced_by_a_request(void **state)
{
	struct serving s;

	(void)state;
	assert_true(serving_init(&s, &usual, settings));
	assert_int_equal(ask(&s, "DOORWARD_CONFIG=/other/doorward.conf"), 503);
	assert_int_equal(ask(&s, NULL), 200);
	assert_int_equal(ask(&s, named), 200);
	assert_int_equal(ask(&s, "DOORWARD_CONFIG=/other/doorward.conf"), 503);
	serving_done(&s);
}

static void
refuses_while_a_power_is_broken_and_tries_again(void **state)
{
	struct program p = usual;
	struct serving s;

	(void)state;
	p.powers[0] = &fickle;
	assert_true(serving_init(&s, &p, settings));
	power_result = ERR_IO;
	assert_int_equal(ask(&s, NULL), 503);
	power_result = ERR_OK;
	assert_int_equal(ask(&s, NULL), 200);
	power_result = ERR_IO; /* now in refresh */
	assert_int_equal(ask(&s, NULL), 503);
	power_result = ERR_OK;
	assert_int_equal(ask(&s, NULL), 200);
	assert_int_equal(calls, 2);
	serving_done(&s);
	assert_int_equal(power_closed, 1);
}

static void
a_503_says_when_to_come_back(void **state)
{
	struct serving s;
	struct client c = { 0 };

	(void)state;
	unlink(settings);
	assert_true(serving_init(&s, &usual, settings));
	send_to(&s, &c, (char *[]){ GET, NULL }, STR(""));
	assert_true(says(&c.out, "\r\nRetry-After: "));
	buf_done(&c.out);
	serving_done(&s);
	write_settings(settings, SETTINGS);
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

#define TEST(f) cmocka_unit_test_setup_teardown(f, make_directory, remove_directory)

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
		TEST(follows_its_settings_file),
		TEST(broken_settings_leave_the_last_good_ones_for_ten_minutes),
		TEST(settings_that_a_power_refuses_leave_the_last_good_ones),
		TEST(settings_that_say_the_same_change_nothing),
		TEST(errors_have_the_programs_own_page_for_those_who_want_html),
		TEST(reads_a_body_to_its_end),
		TEST(refuses_a_body_that_is_too_large),
		TEST(refuses_a_body_of_another_length_than_was_said),
		TEST(as_cgi_reads_no_further_than_the_length),
		TEST(an_authorizer_has_no_body_to_read),
		TEST(refuses_malformed_requests),
		TEST(serves_once_the_settings_can_be_read),
		TEST(a_process_serves_the_settings_it_was_bound_to_and_no_other),
		TEST(the_processs_own_settings_cannot_be_replaced_by_a_request),
		TEST(refuses_while_a_power_is_broken_and_tries_again),
		TEST(a_503_says_when_to_come_back),
		TEST(other_origins_see_refusals_too),
	};

	log_open("test", LOG_ERROR + 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
