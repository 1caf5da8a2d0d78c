#include "check.h"

#include <stdio.h>
#include <string.h>

#include "passkey/challenge.h"
#include "passkey/passkey_options.h"

#define NOW INT64_C(1800000000)

static const struct str secret = { "0123456789abcdef0123456789abcdef", 32 };
static const struct str browser = { "a form cookie of 24 byte", 24 };
static const struct str other = { "the cookie of another br", 24 };

static char text[CHALLENGE_SIZE];

static int
issue(void **state)
{
	(void)state;
	return challenge_issue(secret, browser, NOW, text) == ERR_OK ? 0 : -1;
}

/* Is `t` good for the browser with `binding`, under `key`, at `now`? */
static bool
is_good(struct str key, struct str binding, int64_t now, struct str t)
{
	struct challenge c;
	bool good = true;

	assert_int_equal(challenge_check(key, binding, now, t, &c, &good), ERR_OK);
	if (!good)
		assert_int_equal(c.until, 0);
	return good;
}

static void
gives_out_challenges_that_it_knows_again(void **state)
{
	struct challenge c;
	char again[CHALLENGE_SIZE];
	unsigned char bytes[CHALLENGE_BYTES];
	size_t n = 0;
	bool good = false;

	(void)state;
	assert_int_equal(strlen(text), CHALLENGE_SIZE - 1);
	assert_int_equal(
		challenge_check(secret, browser, NOW + 10, str_of(text), &c, &good),
		ERR_OK);
	assert_true(good);
	assert_int_equal(c.until, NOW + CHALLENGE_LIFE);
	assert_true(base64url_decode_to(bytes, sizeof(bytes), &n, str_of(text)));
	assert_memory_equal(challenge_bytes(&c).p, bytes, CHALLENGE_BYTES);
	assert_int_equal(challenge_nonce(&c).n, CHALLENGE_NONCE);
	assert_int_equal(challenge_issue(secret, browser, NOW, again), ERR_OK);
	assert_string_not_equal(again, text);
}

static void
refuses_challenges_of_another_browser(void **state)
{
	(void)state;
	assert_false(is_good(secret, other, NOW, str_of(text)));
	assert_false(is_good(secret, STR(""), NOW, str_of(text)));
	assert_false(is_good(secret, str_sub(browser, 0, 15), NOW, str_of(text)));
}

static void
refuses_challenges_that_are_too_old(void **state)
{
	(void)state;
	assert_true(is_good(secret, browser, NOW + CHALLENGE_LIFE, str_of(text)));
	assert_false(is_good(secret, browser, NOW + CHALLENGE_LIFE + 1, str_of(text)));
	assert_false(is_good(secret, browser, NOW - CHALLENGE_LIFE - 1, str_of(text)));
}

static void
refuses_challenges_that_nobody_gave_out(void **state)
{
	struct str right = str_of(text);
	char wrong[CHALLENGE_SIZE];

	(void)state;
	assert_false(is_good((struct str){ "another secret of thirty-two byt", 32 },
			     browser, NOW, right));
	assert_false(is_good(secret, browser, NOW, STR("")));
	assert_false(is_good(secret, browser, NOW, str_sub(right, 0, right.n - 1)));
	for (size_t i = 0; i + 1 < sizeof(wrong); i++) {
		memcpy(wrong, text, sizeof(wrong));
		wrong[i] = wrong[i] == 'A' ? 'B' : 'A';
		assert_false(is_good(secret, browser, NOW, str_of(wrong)));
	}
}

static void
issues_none_without_a_browser_or_a_secret(void **state)
{
	char none[CHALLENGE_SIZE];

	(void)state;
	assert_int_equal(challenge_issue(secret, str_sub(browser, 0, 15), NOW, none),
			 ERR_CRYPTO);
	assert_string_equal(none, "");
	assert_int_equal(challenge_issue(str_sub(secret, 0, 31), browser, NOW, none),
			 ERR_CRYPTO);
	assert_string_equal(none, "");
}

/* `client_data` as a browser sends it. Its challenge, or "". */
static const char *
found_in(const char *client_data)
{
	static char found[CHALLENGE_SIZE];
	struct buf json;
	bool is_there;

	buf_init(&json, 4096);
	buf_addz(&json, "{\"id\":\"AA\",\"response\":{\"clientDataJSON\":\"");
	base64url_encode(&json, str_of(client_data));
	buf_addz(&json, "\",\"signature\":\"AA\"}}");
	is_there = challenge_of_response(buf_str(&json), found);
	assert_int_equal(is_there, found[0] != '\0');
	buf_done(&json);
	return found;
}

static void
finds_the_challenge_in_what_a_browser_sends(void **state)
{
	char data[256], marked[260];

	(void)state;
	snprintf(data, sizeof(data), "{\"type\":\"webauthn.get\",\"challenge\":\"%s\"}",
		 text);
	snprintf(marked, sizeof(marked), "\xef\xbb\xbf%s", data);
	assert_string_equal(found_in(data), text);
	assert_string_equal(found_in(marked), text);
}

static void
finds_none_where_there_is_none(void **state)
{
	static const char *const answers[] = {
		"",
		"[]",
		"{}",
		"{\"response\":[]}",
		"{\"response\":{}}",
		"{\"response\":{\"clientDataJSON\":1}}",
		"{\"response\":{\"clientDataJSON\":\"e30=\"}}",
		"{\"response\":{\"clientDataJSON\":\"e30\"}}",
	};
	char found[CHALLENGE_SIZE];

	(void)state;
	for (size_t i = 0; i < COUNT(answers); i++) {
		assert_false(challenge_of_response(str_of(answers[i]), found));
		assert_string_equal(found, "");
	}
	assert_string_equal(found_in("{\"challenge\":\"short\"}"), "");
	assert_string_equal(found_in("{\"challenge\":1}"), "");
	assert_string_equal(found_in("\xff"), "");
}

static void
asks_for_any_passkey_that_verifies_its_user(void **state)
{
	const struct passkey_request request = { .rp_id = STR("example.org"),
						 .challenge = STR("AAAA") };
	struct buf json;

	(void)state;
	buf_init(&json, 4096);
	passkey_put_request(&json, &request);
	assert_string_equal(buf_z(&json),
			    "{\"challenge\":\"AAAA\",\"rpId\":\"example.org\","
			    "\"timeout\":300000,\"userVerification\":\"required\","
			    "\"allowCredentials\":[]}");
	buf_done(&json);
}

static void
asks_for_those_of_a_user_with_or_without_their_pin(void **state)
{
	const struct str transports[] = { STR("usb"), STR("nfc") };
	const struct passkey_ref refs[] = { { STR("\x01\x02\x03"), transports, 2 },
					    { STR("\xff"), NULL, 0 } };
	const struct passkey_request request = { .rp_id = STR("example.org"),
						 .challenge = STR("AAAA"),
						 .allowed = refs,
						 .n_allowed = 2 };
	struct buf json;

	(void)state;
	buf_init(&json, 4096);
	passkey_put_request(&json, &request);
	assert_string_equal(
		buf_z(&json),
		"{\"challenge\":\"AAAA\",\"rpId\":\"example.org\",\"timeout\":300000,"
		"\"userVerification\":\"preferred\",\"allowCredentials\":["
		"{\"type\":\"public-key\",\"id\":\"AQID\",\"transports\":[\"usb\","
		"\"nfc\"]},{\"type\":\"public-key\",\"id\":\"_w\"}]}");
	buf_done(&json);
}

static void
asks_for_a_new_one(void **state)
{
	const struct passkey_ref known = { STR("\x01"), NULL, 0 };
	struct passkey_creation c = {
		.rp_id = STR("example.org"),
		.site_name = STR("A \"site\""),
		.challenge = STR("AAAA"),
		.user_id = STR("00010203-0405-0607-0809-0a0b0c0d0e0f"),
		.name = STR("ann"),
		.known = &known,
		.n_known = 1,
	};
	struct buf json;

	(void)state;
	buf_init(&json, 4096);
	assert_true(passkey_put_creation(&json, &c));
	assert_string_equal(
		buf_z(&json),
		"{\"rp\":{\"id\":\"example.org\",\"name\":\"A \\\"site\\\"\"},"
		"\"user\":{\"id\":\"AAECAwQFBgcICQoLDA0ODw\",\"name\":\"ann\","
		"\"displayName\":\"ann\"},\"challenge\":\"AAAA\",\"pubKeyCredParams\":["
		"{\"type\":\"public-key\",\"alg\":-8},{\"type\":\"public-key\",\"alg\":-"
		"7},"
		"{\"type\":\"public-key\",\"alg\":-257}],\"timeout\":300000,"
		"\"excludeCredentials\":[{\"type\":\"public-key\",\"id\":\"AQ\"}],"
		"\"authenticatorSelection\":{\"residentKey\":\"preferred\","
		"\"requireResidentKey\":false,\"userVerification\":\"preferred\"},"
		"\"attestation\":\"none\"}");
	buf_clear(&json);
	c.alone = true;
	assert_true(passkey_put_creation(&json, &c));
	assert_non_null(strstr(buf_z(&json), "\"residentKey\":\"required\","
					     "\"requireResidentKey\":true,"
					     "\"userVerification\":\"required\""));
	buf_clear(&json);
	c.user_id = STR("ann");
	assert_false(passkey_put_creation(&json, &c));
	assert_int_equal(json.n, 0);
	buf_done(&json);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_out_challenges_that_it_knows_again),
		cmocka_unit_test(refuses_challenges_of_another_browser),
		cmocka_unit_test(refuses_challenges_that_are_too_old),
		cmocka_unit_test(refuses_challenges_that_nobody_gave_out),
		cmocka_unit_test(issues_none_without_a_browser_or_a_secret),
		cmocka_unit_test(finds_the_challenge_in_what_a_browser_sends),
		cmocka_unit_test(finds_none_where_there_is_none),
		cmocka_unit_test(asks_for_any_passkey_that_verifies_its_user),
		cmocka_unit_test(asks_for_those_of_a_user_with_or_without_their_pin),
		cmocka_unit_test(asks_for_a_new_one),
	};

	return cmocka_run_group_tests(tests, issue, NULL);
}
