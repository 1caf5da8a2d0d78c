#include "check.h"

#include <stdio.h>
#include <string.h>

#include "serve/serve.h"
#include "json/json.h"

#define FORM "CONTENT_TYPE=application/x-www-form-urlencoded"
#define JSON "CONTENT_TYPE=application/json"

/* ---- a table whose rows say what they did ---- */

static char trail[32]; /* a letter for each check and handler that ran */
static char refuses;   /* the letter of the check that refuses */
static char seen[64];  /* what the handler found in the field "name" */

static bool
check(struct response *res, char letter)
{
	trail[strlen(trail)] = letter;
	if (letter == refuses)
		response_error(res, 401, "unauthorized", "no");
	return letter != refuses;
}

static bool
who(struct app *app, const struct request *req, struct response *res, struct visit *v)
{
	(void)app;
	(void)req;
	(void)v;
	return check(res, 'w');
}

static bool
token(struct app *app, const struct request *req, struct response *res, struct visit *v)
{
	(void)app;
	(void)req;
	(void)v;
	return check(res, 't');
}

static bool
fresh(struct app *app, const struct request *req, struct response *res, struct visit *v)
{
	(void)app;
	(void)req;
	(void)v;
	return check(res, 'f');
}

static void
handle(struct app *app, const struct request *req, struct response *res,
       const struct visit *visit)
{
	struct str value = STR("");

	(void)app;
	(void)req;
	if (visit->json != NULL)
		json_get_str(visit->json, "name", &value);
	else
		form_find(visit->form, "name", &value);
	snprintf(seen, sizeof(seen), "%.*s", STR_ARG(value));
	check(res, 'h');
	response_empty(res, 204);
}

static void
other(struct app *app, const struct request *req, struct response *res,
      const struct visit *visit)
{
	(void)app;
	(void)req;
	(void)visit;
	check(res, 'o');
	response_empty(res, 204);
}

static const struct route routes[] = {
	{ "", ROUTE_GET, handle, .who = who, .fields = { { "name", 5 } } },
	{ "", ROUTE_POST, handle, .who = who, .body = ROUTE_JSON, .cors = true },
	{ "", ROUTE_POST, handle, .who = who, .body = ROUTE_FORM, .token = token,
	  .fresh = fresh, .policy = RESPONSE_LEADS_AWAY,
	  .fields = { { "name", 5 }, { "long" } } },
	{ "/empty", ROUTE_POST, other, .who = who, .body = ROUTE_EMPTY, .cors = true },
	{ "/empty", ROUTE_POST, handle, .who = who, .body = ROUTE_JSON },
	{ "/both", ROUTE_GET | ROUTE_POST, other, .who = who, .cors = true },
	{ "/nobody", ROUTE_GET, handle },
	{ "/x-*", ROUTE_GET, other, .who = who },
	{ NULL },
};

struct answer {
	int status;
	char body[256], allow[64];
	enum response_policy policy;
};

static struct answer
ask(const char *method, const char *path, const char *query, const char *type,
    const char *body)
{
	static const struct program program = { .name = "test", .routes = routes };
	char m[32], p[64], q[128], t[64];
	char *variables[] = { m, p, q, t, NULL };
	struct app app = { .program = &program };
	struct request req;
	struct response res;
	struct answer a = { 0 };
	struct str allow;

	memset(trail, 0, sizeof(trail));
	seen[0] = '\0';
	snprintf(m, sizeof(m), "REQUEST_METHOD=%s", method);
	snprintf(p, sizeof(p), "PATH_INFO=%s", path);
	snprintf(q, sizeof(q), "QUERY_STRING=%s", query);
	snprintf(t, sizeof(t), "%s", type);
	assert_int_equal(request_init(&req, variables), ERR_OK);
	buf_addz(&req.body, body);
	response_init(&res);
	route_answer(routes, &app, &req, &res);
	assert_true(res.complete);
	a.status = res.status;
	a.policy = res.policy;
	snprintf(a.body, sizeof(a.body), "%s", buf_z(&res.body));
	if (response_header_find(&res, "Allow", &allow))
		snprintf(a.allow, sizeof(a.allow), "%.*s", STR_ARG(allow));
	response_done(&res);
	request_done(&req);
	return a;
}

static int
reset(void **state)
{
	(void)state;
	refuses = '\0';
	return 0;
}

static void
refuses_what_no_row_names(void **state)
{
	(void)state;
	assert_int_equal(ask("GET", "/", "", "", "").status, 404);
	assert_int_equal(ask("GET", "/emptyx", "", "", "").status, 404);
	assert_int_equal(ask("GET", "/x", "", "", "").status, 404);
	assert_string_equal(trail, "");
}

static void
says_which_methods_the_rows_of_a_path_take(void **state)
{
	struct answer a;

	(void)state;
	a = ask("DELETE", "", "", "", "");
	assert_int_equal(a.status, 405);
	assert_string_equal(a.allow, "GET, HEAD, POST");
	assert_string_equal(ask("OPTIONS", "/empty", "", "", "").allow, "POST");
	assert_string_equal(ask("POST", "/x-1", "", "", "").allow, "GET, HEAD");
	assert_string_equal(ask("PUT", "/both", "", "", "").allow, "GET, HEAD, POST");
	assert_string_equal(trail, "");
	assert_int_equal(ask("HEAD", "/both", "", "", "").status, 204);
	assert_int_equal(ask("GET", "/x-anything", "", "", "").status, 204);
}

static void
lets_nobody_in_where_a_row_says_nothing(void **state)
{
	(void)state;
	assert_int_equal(ask("GET", "/nobody", "", "", "").status, 403);
	assert_string_equal(trail, "");
}

static void
checks_in_order_and_stops_at_the_first_no(void **state)
{
	static const struct {
		char refuses;
		const char *trail;
	} rows[] = { { 'w', "w" }, { 't', "wt" }, { 'f', "wtf" }, { '\0', "wtfh" } };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		refuses = rows[i].refuses;
		assert_int_equal(ask("POST", "", "", FORM, "name=ann").status,
				 refuses != '\0' ? 401 : 204);
		assert_string_equal(trail, rows[i].trail);
	}
	assert_string_equal(seen, "ann");
}

static void
asks_who_before_it_says_what_it_takes(void **state)
{
	struct answer a;

	(void)state;
	refuses = 'w';
	assert_int_equal(ask("POST", "", "", "CONTENT_TYPE=text/plain", "x").status, 401);
	refuses = '\0';
	a = ask("POST", "", "", "CONTENT_TYPE=text/plain", "x");
	assert_int_equal(a.status, 415);
	assert_non_null(strstr(a.body, "send application/json or "
				       "application/x-www-form-urlencoded\""));
	a = ask("POST", "/empty", "", FORM, "a=b");
	assert_int_equal(a.status, 415);
	assert_non_null(strstr(a.body, "send no body or application/json\""));
}

static void
takes_the_first_row_that_fits_the_body(void **state)
{
	(void)state;
	assert_int_equal(ask("POST", "/empty", "", JSON, "").status, 204);
	assert_string_equal(trail, "wo");
	assert_int_equal(ask("POST", "/empty", "", JSON, "{\"name\":\"bo\"}").status,
			 204);
	assert_string_equal(trail, "wh");
	assert_string_equal(seen, "bo");
}

static void
refuses_bad_forms_before_their_token_is_looked_at(void **state)
{
	static const char *const bodies[] = {
		"name=a&name=b", "name=",    "long=1&long=1",
		"name=toolong",  "name=%zz", "name=%00",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(bodies); i++) {
		bool fine = strcmp(bodies[i], "name=") == 0;

		assert_int_equal(ask("POST", "", "", FORM, bodies[i]).status,
				 fine ? 204 : 400);
		assert_string_equal(trail, fine ? "wtfh" : "w");
	}
	/* what the row does not name is nobody's */
	assert_int_equal(ask("POST", "", "", FORM, "name=a&x=1&x=2").status, 204);
	assert_int_equal(
		ask("POST", "", "", FORM, "name=a&long=123456789012345678901234567890")
			.status,
		204);
}

static void
reads_the_query_of_a_get_by_the_same_rules(void **state)
{
	(void)state;
	assert_int_equal(ask("GET", "", "name=ann&x=1", "", "").status, 204);
	assert_string_equal(seen, "ann");
	assert_int_equal(ask("GET", "", "name=a&name=b", "", "").status, 400);
	assert_int_equal(ask("GET", "", "name=toolong", "", "").status, 400);
	assert_int_equal(ask("GET", "", "name=%f", "", "").status, 400);
	/* a row without fields does not read it */
	assert_int_equal(ask("GET", "/both", "name=%f", "", "").status, 204);
}

static void
refuses_json_that_is_no_object(void **state)
{
	(void)state;
	assert_int_equal(ask("POST", "", "", JSON, "{\"name\":").status, 400);
	assert_int_equal(ask("POST", "", "", JSON, "[]").status, 400);
	assert_int_equal(ask("POST", "", "", JSON, "").status, 400);
	assert_string_equal(trail, "w");
}

static void
the_policy_is_that_of_the_row(void **state)
{
	(void)state;
	assert_int_equal(ask("POST", "", "", FORM, "").policy, RESPONSE_LEADS_AWAY);
	assert_int_equal(ask("GET", "", "", "", "").policy, RESPONSE_PLAIN);
}

static void
other_origins_may_use_what_the_rows_say(void **state)
{
	static const struct {
		const char *path, *methods; /* NULL: none */
	} rows[] = { { "", "POST" },
		     { "/empty", "POST" },
		     { "/both", "GET, HEAD, POST" },
		     { "/nobody", NULL },
		     { "/other", NULL } };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char p[64];
		char *variables[] = { "REQUEST_METHOD=OPTIONS", p, NULL };
		struct request req;
		struct buf out;

		snprintf(p, sizeof(p), "PATH_INFO=%s", rows[i].path);
		buf_init(&out, 64);
		assert_int_equal(request_init(&req, variables), ERR_OK);
		assert_int_equal(route_cors(routes, &req, &out), rows[i].methods != NULL);
		if (rows[i].methods != NULL)
			assert_string_equal(buf_z(&out), rows[i].methods);
		request_done(&req);
		buf_done(&out);
	}
}

#define TEST(f) cmocka_unit_test_setup(f, reset)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(refuses_what_no_row_names),
		TEST(says_which_methods_the_rows_of_a_path_take),
		TEST(lets_nobody_in_where_a_row_says_nothing),
		TEST(checks_in_order_and_stops_at_the_first_no),
		TEST(asks_who_before_it_says_what_it_takes),
		TEST(takes_the_first_row_that_fits_the_body),
		TEST(refuses_bad_forms_before_their_token_is_looked_at),
		TEST(reads_the_query_of_a_get_by_the_same_rules),
		TEST(refuses_json_that_is_no_object),
		TEST(the_policy_is_that_of_the_row),
		TEST(other_origins_may_use_what_the_rows_say),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
