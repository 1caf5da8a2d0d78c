#include "check.h"

#include <string.h>

#include "metadata/metadata.h"

#define SITE "https://example.org"
#define KEYS "\"jwks_uri\":\"" SITE "/.well-known/jwks.json\""
#define ENDPOINTS                                                                        \
	"\"authorization_endpoint\":\"" SITE "/oauth/authorize\","                       \
	"\"token_endpoint\":\"" SITE "/oauth/token\","                                   \
	"\"userinfo_endpoint\":\"" SITE "/oauth/userinfo\","                             \
	"\"revocation_endpoint\":\"" SITE "/oauth/revoke\","                             \
	"\"end_session_endpoint\":\"" SITE "/oauth/end-session\""

static void
writes_where_the_keys_are_and_no_more_where_oauth_is_off(void **state)
{
	const struct config c = { .public_url = SITE, .issuer = "urn:x" };
	const struct keyset none = { 0 };
	struct buf json;

	(void)state;
	buf_init(&json, METADATA_BYTES);
	assert_int_equal(metadata_write(&c, &none, 0, &json), ERR_OK);
	assert_string_equal(buf_z(&json), "{\"issuer\":\"urn:x\"," KEYS "}\n");
	assert_false(metadata_is_ours(buf_str(&json)));
	buf_done(&json);
}

static void
lists_no_algorithm_without_a_key(void **state)
{
	const struct config c = { .public_url = SITE, .issuer = SITE, .oauth = true };
	const struct keyset none = { 0 };
	struct buf json;

	(void)state;
	buf_init(&json, METADATA_BYTES);
	assert_int_equal(metadata_write(&c, &none, 0, &json), ERR_OK);
	assert_non_null(
		strstr(buf_z(&json), "\"id_token_signing_alg_values_supported\":[]"));
	assert_true(metadata_is_ours(buf_str(&json)));
	assert_int_equal(metadata_check(buf_str(&json), STR(SITE), NULL), ERR_OK);
	buf_done(&json);
	buf_init(&json, 100);
	assert_int_equal(metadata_write(&c, &none, 0, &json), ERR_LIMIT);
	buf_done(&json);
}

static void
finds_each_address_that_is_of_another_site(void **state)
{
	static const struct {
		const char *json, *why;
	} bad[] = {
		{ "", "this is not the document of a provider" },
		{ "[]", "this is not the document of a provider" },
		{ "{}", "jwks_uri is missing" },
		{ "{\"jwks_uri\":7}", "jwks_uri is missing" },
		{ "{\"jwks_uri\":\"" SITE "/.well-known/jwks.jso\"}",
		  "jwks_uri is " SITE "/.well-known/jwks.jso, and not " SITE
		  "/.well-known/jwks.json" },
		{ "{" KEYS "," ENDPOINTS "}", "issuer is missing" },
		{ "{\"issuer\":\"" SITE ".evil\"," KEYS "," ENDPOINTS "}",
		  "issuer is " SITE ".evil, and not " SITE },
		{ "{\"issuer\":\"" SITE "\"," KEYS ",\"authorization_endpoint\":\"" SITE
		  "/oauth/authorize\"}",
		  "token_endpoint is missing" },
	};
	struct why why;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		why.text[0] = '\0';
		assert_int_equal(metadata_check(str_of(bad[i].json), STR(SITE), &why),
				 ERR_SYNTAX);
		assert_string_equal(why.text, bad[i].why);
	}
}

static void
accepts_what_is_of_this_site(void **state)
{
	static const char *const good[] = {
		"{" KEYS "}",
		"{\"issuer\":\"urn:x\"," KEYS "}",
		"{\"issuer\":\"" SITE "\"," KEYS "," ENDPOINTS "}",
		"{\"issuer\":\"" SITE "/\",\"other\":{}," KEYS "," ENDPOINTS "}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
		assert_int_equal(metadata_check(str_of(good[i]), STR(SITE), NULL),
				 ERR_OK);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			writes_where_the_keys_are_and_no_more_where_oauth_is_off),
		cmocka_unit_test(lists_no_algorithm_without_a_key),
		cmocka_unit_test(finds_each_address_that_is_of_another_site),
		cmocka_unit_test(accepts_what_is_of_this_site),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
