#include "check.h"

#include <stdio.h>

#include "http/request.h"

static enum err
init(char **variables)
{
	struct request r;
	enum err e = request_init(&r, variables);

	request_done(&r);
	return e;
}

static void
takes_what_the_server_says(void **state)
{
	char *variables[] = { "REQUEST_METHOD=POST",
			      "REQUEST_URI=/login/a%20b?x=1",
			      "SCRIPT_NAME=/login",
			      "PATH_INFO=/a b",
			      "QUERY_STRING=x=1",
			      "CONTENT_TYPE=text/plain",
			      "REMOTE_ADDR=192.0.2.1",
			      "HTTPS=on",
			      NULL };
	struct request r;

	(void)state;
	assert_int_equal(request_init(&r, variables), ERR_OK);
	assert_true(request_is(&r, "POST"));
	assert_false(request_is(&r, "post"));
	assert_true(str_is(r.uri, "/login/a%20b?x=1"));
	assert_true(str_is(r.script, "/login"));
	assert_true(str_is(r.path, "/a b"));
	assert_true(str_is(r.query, "x=1"));
	assert_true(str_is(r.content_type, "text/plain"));
	assert_true(str_is(r.remote_address, "192.0.2.1"));
	assert_true(r.https);
	assert_int_equal(r.role, ROLE_RESPONDER);
	request_done(&r);
}

static void
finds_a_variable_by_its_whole_name(void **state)
{
	char *variables[] = { "REQUEST_METHOD=GET",
			      "HTTP_ACCEPTED=no",
			      "HTTP_ACCEPT=yes",
			      "EMPTY=",
			      "NOVALUE",
			      NULL };
	struct request r;

	(void)state;
	assert_int_equal(request_init(&r, variables), ERR_OK);
	assert_true(str_is(request_env(&r, "HTTP_ACCEPT"), "yes"));
	assert_null(request_env(&r, "HTTP_ACC").p);
	assert_null(request_env(&r, "NOVALUE").p);
	assert_non_null(request_env(&r, "EMPTY").p);
	assert_int_equal(request_env(&r, "EMPTY").n, 0);
	request_done(&r);
}

static void
refuses_a_consumed_variable_given_twice(void **state)
{
	static char *const names[] = { "HTTP_AUTHORIZATION", "HTTP_COOKIE",
				       "HTTP_ORIGIN",        "HTTP_SEC_FETCH_SITE",
				       "REQUEST_METHOD",     "CONTENT_LENGTH",
				       "CONTENT_TYPE",       "DOORWARD_CONFIG",
				       "QUERY_STRING" };

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		char a[64], b[64];

		snprintf(a, sizeof(a), "%s=1", names[i]);
		snprintf(b, sizeof(b), "%s=2", names[i]);
		assert_int_equal(init((char *[]){ "REQUEST_METHOD=GET", a, NULL }),
				 i == 4 ? ERR_SYNTAX : ERR_OK);
		assert_int_equal(init((char *[]){ "REQUEST_METHOD=GET", a, b, NULL }),
				 ERR_SYNTAX);
	}
}

static void
a_stranger_given_twice_is_no_reason_to_refuse_but_is_not_found(void **state)
{
	char *variables[] = { "REQUEST_METHOD=GET", "HTTP_X_FOO=1", "HTTP_X_FOO=2",
			      NULL };
	struct request r;

	(void)state;
	assert_int_equal(request_init(&r, variables), ERR_OK);
	assert_null(request_env(&r, "HTTP_X_FOO").p);
	assert_int_equal(request_count(&r, "HTTP_X_FOO"), 2);
	request_done(&r);
}

static void
refuses_a_request_without_method(void **state)
{
	(void)state;
	assert_int_equal(init((char *[]){ "REQUEST_URI=/", NULL }), ERR_SYNTAX);
	assert_int_equal(init((char *[]){ "REQUEST_METHOD=", NULL }), ERR_SYNTAX);
	assert_int_equal(init((char *[]){ NULL }), ERR_SYNTAX);
}

static void
refuses_too_many_variables(void **state)
{
	static char text[REQUEST_VARIABLES_MAX + 1][32];
	char *variables[REQUEST_VARIABLES_MAX + 2] = { "REQUEST_METHOD=GET" };

	(void)state;
	for (size_t i = 1; i <= REQUEST_VARIABLES_MAX; i++) {
		snprintf(text[i], sizeof(text[i]), "HTTP_X_%zu=1", i);
		variables[i] = text[i];
	}
	assert_int_equal(init(variables), ERR_LIMIT);
	variables[REQUEST_VARIABLES_MAX] = NULL;
	assert_int_equal(init(variables), ERR_OK);
}

static void
knows_the_authorizer_role(void **state)
{
	char *variables[] = { "REQUEST_METHOD=GET", "FCGI_ROLE=AUTHORIZER", NULL };
	char *twice[] = { "REQUEST_METHOD=GET", "FCGI_ROLE=RESPONDER",
			  "FCGI_ROLE=AUTHORIZER", NULL };
	struct request r;

	(void)state;
	assert_int_equal(request_init(&r, variables), ERR_OK);
	assert_int_equal(r.role, ROLE_AUTHORIZER);
	request_done(&r);
	assert_int_equal(request_init(&r, twice), ERR_SYNTAX);
	assert_int_equal(r.role, ROLE_AUTHORIZER);
	request_done(&r);
}

static void
only_reading_methods_are_safe(void **state)
{
	static const struct {
		char *method;
		bool read, safe;
	} table[] = {
		{ "REQUEST_METHOD=GET", true, true },
		{ "REQUEST_METHOD=HEAD", true, true },
		{ "REQUEST_METHOD=OPTIONS", false, true },
		{ "REQUEST_METHOD=POST", false, false },
		{ "REQUEST_METHOD=DELETE", false, false },
		{ "REQUEST_METHOD=get", false, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		char *variables[] = { table[i].method, NULL };
		struct request r;

		assert_int_equal(request_init(&r, variables), ERR_OK);
		assert_int_equal(request_is_read(&r), table[i].read);
		assert_int_equal(request_is_safe(&r), table[i].safe);
		request_done(&r);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_what_the_server_says),
		cmocka_unit_test(finds_a_variable_by_its_whole_name),
		cmocka_unit_test(refuses_a_consumed_variable_given_twice),
		cmocka_unit_test(
			a_stranger_given_twice_is_no_reason_to_refuse_but_is_not_found),
		cmocka_unit_test(refuses_a_request_without_method),
		cmocka_unit_test(refuses_too_many_variables),
		cmocka_unit_test(knows_the_authorizer_role),
		cmocka_unit_test(only_reading_methods_are_safe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
