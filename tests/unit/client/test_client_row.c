#include "check.h"

#include <string.h>

#include "client/client_row.h"
#include "client/client_scope.h"

static void
an_id_is_short_plain_and_none_of_ours(void **state)
{
	static const char *const good[] = { "a", "nextcloud", "0x", "my-app.v2_b" };
	static const char *const bad[] = {
		"",    "A",   "-a",  ".a",       "_a",       "a b",
		"a/b", "a:b", "a\n", "\xc3\xa4", "doorward", "doorward-admin"
	};
	char text[CLIENT_ID_MAX + 1];

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++)
		assert_true(client_id_is_valid(str_of(good[i])));
	for (size_t i = 0; i < COUNT(bad); i++)
		if (client_id_is_valid(str_of(bad[i])))
			fail_msg("accepted: %s", bad[i]);
	memset(text, 'a', sizeof(text));
	assert_true(client_id_is_valid((struct str){ text, CLIENT_ID_MAX }));
	assert_false(client_id_is_valid((struct str){ text, CLIENT_ID_MAX + 1 }));
}

static void
words_are_read_as_they_are_written_and_nothing_else_is(void **state)
{
	enum client_method method;
	enum client_consent consent;
	enum client_alg alg;

	(void)state;
	for (int i = 1; i < CLIENT_METHODS; i++) {
		struct str word = str_of(client_method_word((enum client_method)i));

		assert_true(client_method_read(word, &method));
		assert_int_equal(method, i);
	}
	for (int i = 0; i < CLIENT_CONSENTS; i++) {
		struct str word = str_of(client_consent_word((enum client_consent)i));

		assert_true(client_consent_read(word, &consent));
		assert_int_equal(consent, i);
	}
	for (int i = 0; i < CLIENT_ALGS; i++) {
		assert_true(client_alg_read(str_of(client_alg_word((enum client_alg)i)),
					    &alg));
		assert_int_equal(alg, i);
	}
	assert_false(client_method_read(STR("private_key_jwt"), &method));
	assert_int_equal(method, CLIENT_METHOD_UNKNOWN);
	assert_false(client_method_read(STR(""), &method));
	assert_false(client_consent_read(STR("TRUSTED"), &consent));
	assert_int_equal(consent, CLIENT_CONSENT_ASK);
	assert_false(client_alg_read(STR("none"), &alg));
	assert_int_equal(alg, CLIENT_ALG_RS256);
}

static void
scopes_are_a_set_and_unknown_words_are_left_out(void **state)
{
	struct str unknown;
	struct buf b;
	unsigned scopes;

	(void)state;
	buf_init(&b, CLIENT_SCOPES_TEXT);
	scopes = client_scope_read(STR("  email openid  x groups openid OPENID"));
	assert_int_equal(scopes,
			 CLIENT_SCOPE_OPENID | CLIENT_SCOPE_EMAIL | CLIENT_SCOPE_GROUPS);
	assert_true(client_scope_add(&b, scopes));
	assert_string_equal(buf_z(&b), "openid email groups");
	assert_int_equal(client_scope_read(STR("")), 0);
	assert_int_equal(client_scope_read(STR("openid\tprofile")), 0);
	buf_clear(&b);
	assert_true(client_scope_add(&b, ~0u));
	assert_string_equal(buf_z(&b), "openid profile email groups offline_access");
	assert_int_equal(client_scope_read(buf_str(&b)), 31);
	assert_true(client_scope_read_all(buf_str(&b), &scopes, &unknown));
	assert_false(client_scope_read_all(STR("openid mail phone"), &scopes, &unknown));
	assert_true(str_is(unknown, "mail"));
	assert_string_equal(client_scope_word(4), "offline_access");
	assert_string_equal(client_scope_word(CLIENT_SCOPES), "");
	buf_done(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_id_is_short_plain_and_none_of_ours),
		cmocka_unit_test(words_are_read_as_they_are_written_and_nothing_else_is),
		cmocka_unit_test(scopes_are_a_set_and_unknown_words_are_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
