#include "check.h"

#include <stdio.h>
#include <string.h>

#include "http/credential.h"
#include "request_of.h"

#define FORM_TYPE "CONTENT_TYPE=application/x-www-form-urlencoded"
#define COOKIE_OF(v) "HTTP_COOKIE=__Host-doorward=" v

static const struct credential_places everywhere = {
	.cookie = { .name = "doorward", .path = "/" },
	.header = "HTTP_X_TOKEN",
	.form = true,
	.query = true,
};
static const struct credential_places usual = {
	.cookie = { .name = "doorward", .path = "/" },
};

/* NULL: nothing found; "BAD"; or the token. */
static void
expect(const struct credential_places *places, char **variables, const char *body,
       const char *expected)
{
	struct request r = request_of(variables);
	struct credential c;
	enum credential_found found;

	buf_addz(&r.body, body);
	found = credential_find(&c, &r, places);
	if (expected == NULL) {
		assert_int_equal(found, CREDENTIAL_NONE);
	} else if (str_is(STR("BAD"), expected)) {
		assert_int_equal(found, CREDENTIAL_BAD);
		assert_int_equal(c.token.n, 0);
	} else {
		assert_int_equal(found, CREDENTIAL_ONE);
		assert_true(str_is(c.token, expected));
	}
	credential_done(&c);
	request_done(&r);
}

static void
expect_authorization(char *variable, const char *expected)
{
	expect(&usual, (char *[]){ "REQUEST_METHOD=GET", variable, NULL }, "", expected);
}

static void
takes_a_bearer_token_whatever_the_case_of_the_scheme(void **state)
{
	(void)state;
	expect_authorization("HTTP_AUTHORIZATION=Bearer a.b-c_d~e+f/g==",
			     "a.b-c_d~e+f/g==");
	expect_authorization("HTTP_AUTHORIZATION=bearer tok", "tok");
	expect_authorization("HTTP_AUTHORIZATION=BEARER   tok", "tok");
	expect_authorization("HTTP_AUTHORIZATION= Bearer tok ", "tok");
	expect_authorization("REDIRECT_HTTP_AUTHORIZATION=Bearer tok", "tok");
}

static void
other_schemes_are_not_ours(void **state)
{
	(void)state;
	expect_authorization("HTTP_AUTHORIZATION=", NULL);
	expect_authorization("HTTP_AUTHORIZATION=Basic dXNlcjpwYXNz", NULL);
	expect_authorization("HTTP_AUTHORIZATION=Digest username=\"a\", realm=\"b\"",
			     NULL);
	expect_authorization("HTTP_AUTHORIZATION=Bearertok", NULL);
	expect_authorization("HTTP_AUTHORIZATION=Bear tok", NULL);
}

static void
refuses_an_authorization_that_is_not_one_b64token(void **state)
{
	static char *const bad[] = {
		"HTTP_AUTHORIZATION=Bearer",
		"HTTP_AUTHORIZATION=Bearer ",
		"HTTP_AUTHORIZATION=Bearer a b",
		"HTTP_AUTHORIZATION=Bearer a, Bearer b",
		"HTTP_AUTHORIZATION=Bearer a,Bearer b",
		"HTTP_AUTHORIZATION=Bearer a,",
		"HTTP_AUTHORIZATION=Bearer ,a",
		"HTTP_AUTHORIZATION=Bearer\ta",
		"HTTP_AUTHORIZATION=Bearer \ta",
		"HTTP_AUTHORIZATION=Bearer \"a\"",
		"HTTP_AUTHORIZATION=Bearer =",
		"HTTP_AUTHORIZATION=Bearer a=b",
		"HTTP_AUTHORIZATION=Bearer a%20b",
		"HTTP_AUTHORIZATION=Bearer a;b",
		"HTTP_AUTHORIZATION=Bearer \xc3\xa9",
		"HTTP_AUTHORIZATION=Basic dXNlcjpwYXNz, Bearer a",
		"HTTP_AUTHORIZATION=Basic x,bearer",
		"HTTP_AUTHORIZATION=, Bearer a",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++)
		expect_authorization(bad[i], "BAD");
}

static void
takes_the_cookie(void **state)
{
	(void)state;
	expect_authorization(COOKIE_OF("tok"), "tok");
	expect_authorization(COOKIE_OF(""), "BAD");
	expect_authorization(COOKIE_OF("a%20"), "BAD");
	expect_authorization(COOKIE_OF("a") "; __Host-doorward=b", "BAD");
	expect_authorization(COOKIE_OF("a") ", __Host-doorward=b", "BAD");
}

static void
form_and_query_count_only_where_a_setting_says_so(void **state)
{
	char *variables[] = { "REQUEST_METHOD=POST", FORM_TYPE,
			      "QUERY_STRING=access_token=q", NULL };

	(void)state;
	expect(&usual, variables, "access_token=f", NULL);
	expect(&everywhere, variables, "", "q");
	variables[2] = "QUERY_STRING=";
	expect(&everywhere, variables, "x=1&access_token=f", "f");
}

static void
the_form_counts_only_as_rfc_6750_wants(void **state)
{
	char *get[] = { "REQUEST_METHOD=GET", FORM_TYPE, NULL };
	char *json[] = { "REQUEST_METHOD=POST", "CONTENT_TYPE=application/json", NULL };
	char *none[] = { "REQUEST_METHOD=POST", NULL };

	(void)state;
	expect(&everywhere, get, "access_token=f", NULL);
	expect(&everywhere, json, "access_token=f", NULL);
	expect(&everywhere, none, "access_token=f", NULL);
}

static void
takes_the_alternative_header_with_or_without_scheme(void **state)
{
	char *variables[] = { "REQUEST_METHOD=GET", "HTTP_X_TOKEN=tok", NULL };

	(void)state;
	expect(&everywhere, variables, "", "tok");
	expect(&usual, variables, "", NULL);
	variables[1] = "HTTP_X_TOKEN=Bearer tok";
	expect(&everywhere, variables, "", "tok");
	variables[1] = "HTTP_X_TOKEN=a, b";
	expect(&everywhere, variables, "", "BAD");
	variables[1] = "HTTP_X_TOKEN=Basic tok";
	expect(&everywhere, variables, "", "BAD");
	variables[1] = "HTTP_X_TOKEN=";
	expect(&everywhere, variables, "", NULL);
}

static void
refuses_the_alternative_header_given_twice(void **state)
{
	char *variables[] = { "REQUEST_METHOD=GET", "HTTP_X_TOKEN=a", "HTTP_X_TOKEN=a",
			      NULL };

	(void)state;
	expect(&everywhere, variables, "", "BAD");
}

/* A script's Authorization comes with the cookie, which a browser adds. */
static void
what_the_client_chose_wins_over_the_cookie(void **state)
{
	static char *const chosen[][2] = {
		{ "HTTP_AUTHORIZATION=Bearer t", "t" },
		{ "HTTP_AUTHORIZATION=Bearer", "BAD" },
		{ "HTTP_AUTHORIZATION=Bearer a, Bearer b", "BAD" },
		{ "HTTP_AUTHORIZATION=Basic x", "c" },
		{ "HTTP_X_TOKEN=t", "t" },
		{ "HTTP_X_TOKEN=a, b", "BAD" },
		{ "QUERY_STRING=access_token=t", "t" },
		{ "QUERY_STRING=access_token=", "BAD" },
		{ "QUERY_STRING=x=y", "c" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(chosen); i++) {
		char *variables[] = { "REQUEST_METHOD=POST", FORM_TYPE, chosen[i][0],
				      COOKIE_OF("c"), NULL };

		expect(&everywhere, variables, "", chosen[i][1]);
		variables[3] = COOKIE_OF("c") "; __Host-doorward=d";
		expect(&everywhere, variables, "",
		       strcmp(chosen[i][1], "c") == 0 ? "BAD" : chosen[i][1]);
	}
}

/* Each pair of places that a client chooses, also with the same token in both. */
static void
refuses_a_token_in_two_places(void **state)
{
	static char *const places[] = { "HTTP_AUTHORIZATION=Bearer t", "HTTP_X_TOKEN=t",
					"QUERY_STRING=access_token=t" };

	(void)state;
	for (size_t i = 0; i < COUNT(places); i++)
		for (size_t j = 0; j < COUNT(places); j++) {
			char *variables[] = { "REQUEST_METHOD=POST", FORM_TYPE, places[i],
					      i == j ? NULL : places[j], NULL };

			if (i == j)
				expect(&everywhere, variables, "access_token=t", "BAD");
			else
				expect(&everywhere, variables, "", "BAD");
		}
}

static void
refuses_a_field_given_twice_or_malformed(void **state)
{
	static const char *const bad[] = { "access_token=a&access_token=a",
					   "access_token=a&access%5Ftoken",
					   "access_token=%61%zz",
					   "access_token=",
					   "access_token",
					   "access_token=a%20b",
					   "access_token=a%00",
					   "access%5ftoken=a&access_token=b" };

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		char query[128] = "QUERY_STRING=";
		char *form[] = { "REQUEST_METHOD=POST", FORM_TYPE, NULL };
		char *get[] = { "REQUEST_METHOD=GET", query, NULL };

		snprintf(query, sizeof(query), "QUERY_STRING=%s", bad[i]);
		expect(&everywhere, form, bad[i], "BAD");
		expect(&everywhere, get, "", "BAD");
	}
}

static void
what_else_is_in_the_query_is_not_our_business(void **state)
{
	char query[2000] = "QUERY_STRING=q=%E9&x=%zz&%ff=1&=&access_token=tok&y=%";
	char *variables[] = { "REQUEST_METHOD=GET", query, NULL };

	(void)state;
	expect(&everywhere, variables, "", "tok");
	for (int i = 0; i < 200; i++)
		strcat(query, "&a=1");
	expect(&everywhere, variables, "", "tok");
	assert_true(credential_in_query(STR("a=%&access%5ftoken=%")));
	assert_false(credential_in_query(STR("a=access_token&xaccess_token=1")));
}

static void
refuses_a_form_that_is_malformed_anywhere(void **state)
{
	char *variables[] = { "REQUEST_METHOD=POST", FORM_TYPE, NULL };

	(void)state;
	expect(&everywhere, variables, "access_token=a&x=%zz", "BAD");
	expect(&everywhere, variables, "access_token=a&x=%00", "BAD");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_a_bearer_token_whatever_the_case_of_the_scheme),
		cmocka_unit_test(other_schemes_are_not_ours),
		cmocka_unit_test(refuses_an_authorization_that_is_not_one_b64token),
		cmocka_unit_test(takes_the_cookie),
		cmocka_unit_test(form_and_query_count_only_where_a_setting_says_so),
		cmocka_unit_test(the_form_counts_only_as_rfc_6750_wants),
		cmocka_unit_test(takes_the_alternative_header_with_or_without_scheme),
		cmocka_unit_test(refuses_the_alternative_header_given_twice),
		cmocka_unit_test(what_the_client_chose_wins_over_the_cookie),
		cmocka_unit_test(refuses_a_token_in_two_places),
		cmocka_unit_test(refuses_a_field_given_twice_or_malformed),
		cmocka_unit_test(what_else_is_in_the_query_is_not_our_business),
		cmocka_unit_test(refuses_a_form_that_is_malformed_anywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
