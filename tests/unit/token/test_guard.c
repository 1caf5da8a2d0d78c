#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "jose/jws/jws_sign.h"
#include "token/guard.h"

#define NOW 1800000000

/* Us and two others; each has a key of its own. */
enum { US, KEYCLOAK, PLAIN, ISSUERS };

static const char *const urls[] = { "https://site.example",
				    "https://sso.example/realms/x",
				    "https://other.example" };
static const char *const audiences[] = { "https://site.example", "doorward", "doorward" };
static const char *const types[] = { "at+jwt", "JWT", "at+jwt" };
static const char *const keycloak_roles[] = { "staff:member", "a:b:admin", "none" };

static char directory[64], paths[ISSUERS][128];
static struct jwk keys[ISSUERS];
static struct guard guard;

static void
write_public(int i)
{
	struct buf json;
	FILE *f = fopen(paths[i], "w");

	assert_non_null(f);
	buf_init(&json, JWK_MAX);
	assert_int_equal(jwk_write(&keys[i], JWK_PUBLIC, &json), ERR_OK);
	fputs(buf_z(&json), f);
	fclose(f);
	buf_done(&json);
}

static int
make_keys(void **state)
{
	(void)state;
	strcpy(directory, "/tmp/doorward-guard-XXXXXX");
	assert_non_null(mkdtemp(directory));
	for (int i = 0; i < ISSUERS; i++) {
		snprintf(paths[i], sizeof(paths[i]), "%s/%d.json", directory, i);
		assert_int_equal(jwk_make(alg_find(STR("ES256")), 0, CURVE_NONE, NOW,
					  &keys[i], NULL),
				 ERR_OK);
		write_public(i);
	}
	return 0;
}

static int
remove_keys(void **state)
{
	(void)state;
	for (int i = 0; i < ISSUERS; i++) {
		jwk_done(&keys[i]);
		unlink(paths[i]);
	}
	return rmdir(directory);
}

static void
fill_guard(struct guard *g)
{
	*g = (struct guard){ .n = ISSUERS };
	for (int i = 0; i < ISSUERS; i++) {
		g->issuers[i].policy =
			(struct jwt_policy){ .issuer = str_of(urls[i]),
					     .audience = str_of(audiences[i]),
					     .typ = STR("at+jwt"),
					     .foreign = i != US };
		g->issuers[i].keys = paths[i];
	}
	g->issuers[KEYCLOAK].name = "keycloak";
	g->issuers[KEYCLOAK].policy.typ = STR("");
	g->issuers[KEYCLOAK].roles_claim = "realm_access.roles";
	g->issuers[KEYCLOAK].role_map = keycloak_roles;
	g->issuers[KEYCLOAK].n_role_map = COUNT(keycloak_roles);
	g->issuers[PLAIN].name = "plain";
}

static int
open_guard(void **state)
{
	struct why why;

	(void)state;
	fill_guard(&guard);
	return guard_open(&guard, &why) == ERR_OK ? 0 : -1;
}

static int
close_guard(void **state)
{
	(void)state;
	guard_close(&guard);
	return 0;
}

/* A token by the key of `signer` with the claims of `issuer`, and `more`. */
static struct buf
make_token(int signer, int issuer, const char *sub, const char *more)
{
	struct buf payload, token;

	buf_init(&payload, JWT_MAX);
	buf_init(&token, JWT_MAX);
	buf_addf(&payload,
		 "{\"iss\":\"%s\",\"aud\":\"%s\",\"sub\":\"%s\",\"iat\":%d,\"exp\":%d%s}",
		 urls[issuer], audiences[issuer], sub, NOW - 10, NOW + 600, more);
	assert_int_equal(
		jws_sign(&keys[signer], types[issuer], buf_str(&payload), &token),
		ERR_OK);
	buf_done(&payload);
	return token;
}

static enum jwt_refusal
check(int signer, int issuer, const char *sub, const char *more, struct identity *who)
{
	struct buf token = make_token(signer, issuer, sub, more);
	enum jwt_refusal refusal;
	enum verdict v;

	identity_init(who);
	v = guard_check(&guard, buf_str(&token), NOW, who, &refusal);
	assert_int_equal(v == VERDICT_ALLOW, refusal == JWT_ACCEPTED);
	buf_done(&token);
	return refusal;
}

static void
each_key_proves_its_own_issuer_and_no_other(void **state)
{
	(void)state;
	for (int signer = 0; signer < ISSUERS; signer++)
		for (int issuer = 0; issuer < ISSUERS; issuer++) {
			struct identity who;
			enum jwt_refusal refusal = check(signer, issuer, "u", "", &who);

			if ((refusal == JWT_ACCEPTED) != (signer == issuer))
				fail_msg("key %d, issuer %d", signer, issuer);
			assert_int_equal(who.id.n > 0, signer == issuer);
			identity_done(&who);
		}
}

static void
a_user_of_ours_is_called_by_name(void **state)
{
	struct identity who;

	(void)state;
	assert_int_equal(check(US, US, "u-1",
			       ",\"preferred_username\":\"ann\",\"roles\":[\"a\",\"b\"],"
			       "\"auth_time\":1799999000",
			       &who),
			 JWT_ACCEPTED);
	assert_null(who.issuer);
	assert_true(str_is(who.id, "u-1"));
	assert_true(str_is(who.name, "ann"));
	assert_int_equal(who.n_roles, 2);
	assert_true(identity_has_role(&who, STR("a")));
	assert_false(identity_has_role(&who, STR("c")));
	assert_int_equal(who.expires, NOW + 600);
	assert_int_equal(who.auth_time, 1799999000);
	identity_done(&who);
	assert_int_equal(check(US, US, "u-1", "", &who), JWT_ACCEPTED);
	assert_true(str_is(who.name, "u-1"));
	assert_int_equal(who.auth_time, 0);
	identity_done(&who);
}

static void
a_user_of_another_issuer_can_impersonate_nobody(void **state)
{
	struct identity who;

	(void)state;
	assert_int_equal(check(KEYCLOAK, KEYCLOAK, "u-1",
			       ",\"preferred_username\":\"ann\",\"roles\":[\"admin\"]",
			       &who),
			 JWT_ACCEPTED);
	assert_string_equal(who.issuer, "keycloak");
	assert_true(str_is(who.id, "keycloak:u-1"));
	assert_true(str_is(who.name, "keycloak:u-1"));
	assert_int_equal(who.n_roles, 0);
	identity_done(&who);
}

/* As check, for a token of ours with another aud, shown at `uri`. */
static enum jwt_refusal
check_at(const char *aud, const char *client, const char *uri, struct identity *who)
{
	struct buf payload, token;
	enum jwt_refusal refusal;

	buf_init(&payload, JWT_MAX);
	buf_init(&token, JWT_MAX);
	buf_addf(&payload,
		 "{\"iss\":\"%s\",\"aud\":%s,\"sub\":\"u\",\"iat\":%d,\"exp\":%d,"
		 "\"client_id\":\"%s\",\"sid\":\"2b9d3c1e-7d0c-4a55-9c54-4c7ad2b6e0aa\"}",
		 urls[US], aud, NOW - 10, NOW + 600, client);
	assert_int_equal(jws_sign(&keys[US], types[US], buf_str(&payload), &token),
			 ERR_OK);
	identity_init(who);
	if (uri == NULL)
		guard_check(&guard, buf_str(&token), NOW, who, &refusal);
	else
		guard_check_at(&guard, buf_str(&token), str_of(uri), NOW, who, &refusal);
	buf_done(&payload);
	buf_done(&token);
	return refusal;
}

static void
a_programs_token_for_a_path_is_good_there_and_below(void **state)
{
	const char *aud = "\"https://us.example/dav\"", *program = IDENTITY_PROGRAM_ID;
	struct identity who;

	(void)state;
	guard.issuers[US].policy.site = STR("https://us.example");
	for (int seen = 0; seen < 3; seen++) { /* the third time from the cache */
		assert_int_equal(check_at(aud, program, "/dav/x?y", &who), JWT_ACCEPTED);
		assert_true(str_is(who.below, "/dav"));
		assert_int_equal(check_at(aud, program, "/davx", &who), JWT_AUDIENCE);
		assert_int_equal(who.id.n, 0);
		assert_int_equal(check_at(aud, program, NULL, &who), JWT_AUDIENCE);
	}
	assert_int_equal(check_at(aud, IDENTITY_LOGIN_ID, "/dav", &who), JWT_AUDIENCE);
	assert_int_equal(check_at(aud, "app", "/dav", &who), JWT_AUDIENCE);
	guard.issuers[US].policy.site = STR("");
	token_cache_clear(guard.cache);
	assert_int_equal(check_at(aud, program, "/dav", &who), JWT_AUDIENCE);
}

/* As one of a client, whose kind limits it, and not to a path. */
static void
only_a_clients_token_is_good_for_the_provider_without_a_path(void **state)
{
	const char *aud = "\"https://us.example/oauth\"";
	struct identity who;

	(void)state;
	guard.issuers[US].policy.site = STR("https://us.example");
	for (int seen = 0; seen < 3; seen++) { /* the third time from the cache */
		assert_int_equal(check_at(aud, "app", "/members", &who), JWT_ACCEPTED);
		assert_int_equal(who.kind, IDENTITY_CLIENT);
		assert_true(str_is(who.client, "app") && who.below.n == 0);
		assert_false(identity_is_signed_in(&who));
	}
	assert_int_equal(check_at(aud, IDENTITY_LOGIN_ID, "/oauth", &who), JWT_AUDIENCE);
	assert_int_equal(check_at(aud, IDENTITY_PROGRAM_ID, "/x", &who), JWT_AUDIENCE);
	assert_int_equal(check_at("\"https://us.example/oauth/\"", "app", "/", &who),
			 JWT_AUDIENCE);
	assert_int_equal(check_at("\"https://us.example/oauth/x\"", "app", "/", &who),
			 JWT_AUDIENCE);
	assert_int_equal(
		check_at("[\"https://us.example/oauth\",\"x\"]", "app", "/", &who),
		JWT_AUDIENCE);
	assert_int_equal(check_at("\"https://api.example\"", "app", "/", &who),
			 JWT_AUDIENCE);
}

static void
an_audience_that_only_looks_like_a_path_of_the_site_is_refused(void **state)
{
	static const char *const bad[] = {
		"\"https://us.example.evil/dav\"",
		"\"https://us.example\"",
		"\"https://us.example/\"",
		"\"http://us.example/dav\"",
		"[\"https://us.example/dav\",\"x\"]",
	};
	struct identity who;

	(void)state;
	guard.issuers[US].policy.site = STR("https://us.example");
	for (size_t i = 0; i < COUNT(bad); i++)
		if (check_at(bad[i], IDENTITY_PROGRAM_ID, "/dav", &who) != JWT_AUDIENCE)
			fail_msg("accepted: %s", bad[i]);
}

#define SID "2b9d3c1e-7d0c-4a55-9c54-4c7ad2b6e0aa"

static void
says_what_kind_of_token_it_is(void **state)
{
	static const struct {
		int issuer;
		const char *claims;
		enum identity_kind kind;
	} rows[] = {
		{ US, ",\"client_id\":\"doorward\",\"sid\":\"" SID "\"", IDENTITY_LOGIN },
		{ US, ",\"client_id\":\"doorward-program\",\"sid\":\"" SID "\"",
		  IDENTITY_PROGRAM },
		{ US, "", IDENTITY_CLIENT },
		{ US, ",\"sid\":\"" SID "\"", IDENTITY_CLIENT },
		{ US, ",\"client_id\":\"\",\"sid\":\"" SID "\"", IDENTITY_CLIENT },
		{ US, ",\"client_id\":\"app\",\"sid\":\"" SID "\"", IDENTITY_CLIENT },
		{ US, ",\"client_id\":\"Doorward\",\"sid\":\"" SID "\"",
		  IDENTITY_CLIENT },
		{ US, ",\"client_id\":\"doorward\"", IDENTITY_CLIENT },
		{ US, ",\"client_id\":\"doorward-program\"", IDENTITY_CLIENT },
		{ US, ",\"client_id\":\"doorward\",\"sid\":\"s1\"", IDENTITY_CLIENT },
		{ KEYCLOAK, ",\"client_id\":\"doorward\",\"sid\":\"" SID "\"",
		  IDENTITY_FOREIGN },
		{ PLAIN, "", IDENTITY_FOREIGN },
	};
	struct identity who;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_int_equal(
			check(rows[i].issuer, rows[i].issuer, "u", rows[i].claims, &who),
			JWT_ACCEPTED);
		if (who.kind != rows[i].kind)
			fail_msg("%s: %s", rows[i].claims, identity_kind_text(who.kind));
		identity_done(&who);
		assert_int_equal(who.kind, IDENTITY_CLIENT);
	}
}

static void
carries_scope_and_proofs_of_our_own_tokens_only(void **state)
{
	static const char claims[] =
		",\"client_id\":\"app\",\"scope\":\"read write\",\"acr\":\"phr\","
		"\"amr\":[\"pwd\",\"hwk\"]";
	struct identity who;

	(void)state;
	assert_int_equal(check(US, US, "u", claims, &who), JWT_ACCEPTED);
	assert_true(str_is(who.client, "app") && str_is(who.acr, "phr"));
	assert_true(who.n_amr == 2 && str_is(who.amr[1], "hwk"));
	assert_true(identity_has_scope(&who, STR("write")));
	assert_false(identity_has_scope(&who, STR("writ")));
	assert_false(identity_has_scope(&who, STR("read write")));
	assert_false(identity_has_scope(&who, STR("")));
	assert_int_equal(check(US, US, "u", ",\"scope\":[\"a\"]", &who), JWT_CLAIMS);
	assert_int_equal(check(KEYCLOAK, KEYCLOAK, "u", claims, &who), JWT_ACCEPTED);
	assert_int_equal(who.client.n + who.scope.n + who.acr.n + who.n_amr, 0);
	assert_int_equal(check(PLAIN, PLAIN, "u", ",\"scope\":[\"a\"],\"amr\":1", &who),
			 JWT_ACCEPTED);
}

static void
a_foreign_user_is_signed_in_by_a_role_that_is_mapped(void **state)
{
	struct identity who;

	(void)state;
	assert_int_equal(check(KEYCLOAK, KEYCLOAK, "u", "", &who), JWT_ACCEPTED);
	assert_false(identity_is_signed_in(&who));
	assert_int_equal(check(KEYCLOAK, KEYCLOAK, "u",
			       ",\"realm_access\":{\"roles\":[\"staff\"]}", &who),
			 JWT_ACCEPTED);
	assert_true(identity_is_signed_in(&who));
}

static void
nobody_of_ours_is_called_like_a_user_of_another_issuer(void **state)
{
	struct identity who;

	(void)state;
	assert_int_equal(check(US, US, "keycloak:u-1", "", &who), JWT_CLAIMS);
	assert_int_equal(
		check(US, US, "u", ",\"preferred_username\":\"plain:u-1\"", &who),
		JWT_CLAIMS);
	assert_int_equal(check(US, US, "u", ",\"preferred_username\":\"x:y\"", &who),
			 JWT_ACCEPTED);
	identity_done(&who);
}

static void
roles_of_others_count_as_far_as_they_are_mapped(void **state)
{
	static const struct {
		const char *claims, *roles;
	} table[] = {
		{ ",\"realm_access\":{\"roles\":[\"staff\",\"x\"]}", "member" },
		{ ",\"realm_access\":{\"roles\":[\"a:b\"]}", "admin" },
		{ ",\"realm_access\":{\"roles\":[\"a:b\",\"staff\",\"staff\",1,null]}",
		  "admin member" },
		{ ",\"realm_access\":{\"roles\":\"staff a:b\"}", "member admin" },
		{ ",\"realm_access.roles\":[\"staff\"]", "member" },
		{ ",\"realm_access\":{\"roles\":[\"admin\",\"member\",\"none\",\"\"]}",
		  "" },
		{ ",\"realm_access\":{\"roles\":{\"staff\":1}}", "" },
		{ ",\"realm_access\":[\"staff\"]", "" },
		{ ",\"realm_access\":null", "" },
		{ ",\"roles\":[\"staff\"]", "" },
		/* theirs to give what form they like */
		{ ",\"roles\":\"staff\"", "" },
		{ ",\"roles\":{\"staff\":1}", "" },
		{ ",\"roles\":[1,null],\"realm_access\":{\"roles\":\"staff\"}",
		  "member" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		struct identity who;
		struct buf roles;

		assert_int_equal(check(KEYCLOAK, KEYCLOAK, "u", table[i].claims, &who),
				 JWT_ACCEPTED);
		buf_init(&roles, 200);
		for (size_t j = 0; j < who.n_roles; j++)
			buf_addf(&roles, "%s%.*s", j > 0 ? " " : "",
				 STR_ARG(who.roles[j]));
		assert_string_equal(buf_z(&roles), table[i].roles);
		buf_done(&roles);
		identity_done(&who);
	}
}

static void
a_roles_claim_of_ours_is_a_list_of_strings(void **state)
{
	struct identity who;

	(void)state;
	assert_int_equal(check(US, US, "u", ",\"roles\":\"admin\"", &who), JWT_CLAIMS);
	assert_int_equal(check(US, US, "u", ",\"roles\":[1]", &who), JWT_CLAIMS);
	assert_int_equal(who.n_roles, 0);
	identity_done(&who);
}

static void
without_a_roles_claim_there_are_no_roles(void **state)
{
	struct identity who;

	(void)state;
	assert_int_equal(check(PLAIN, PLAIN, "u", ",\"roles\":[\"admin\"]", &who),
			 JWT_ACCEPTED);
	assert_int_equal(who.n_roles, 0);
	identity_done(&who);
}

static void
refuses_names_that_would_break_a_header_or_a_log(void **state)
{
	static char longest[IDENTITY_NAME_MAX + 1];
	struct identity who;

	(void)state;
	memset(longest, 'x', IDENTITY_NAME_MAX);
	assert_int_equal(check(KEYCLOAK, KEYCLOAK, "a\\nb", "", &who), JWT_CLAIMS);
	assert_int_equal(check(US, US, "a\\u007fb", "", &who), JWT_CLAIMS);
	assert_int_equal(check(US, US, "u", ",\"preferred_username\":\"a\\rb\"", &who),
			 JWT_CLAIMS);
	assert_int_equal(check(KEYCLOAK, KEYCLOAK, longest, "", &who), JWT_CLAIMS);
}

static void
refuses_what_no_issuer_stands_for(void **state)
{
	static const char *const bad[] = { "",
					   ".",
					   "..",
					   "a.b.c",
					   "e30.e30.e30",
					   "a",
					   "a.b.c.d.e",
					   "eyJhbGciOiJub25lIn0.e30." };
	struct identity who;
	enum jwt_refusal refusal;

	(void)state;
	identity_init(&who);
	for (size_t i = 0; i < COUNT(bad); i++) {
		assert_int_equal(guard_check(&guard, str_of(bad[i]), NOW, &who, &refusal),
				 VERDICT_DENY);
		assert_int_not_equal(refusal, JWT_ACCEPTED);
		assert_int_not_equal(refusal, JWT_FAILED);
	}
}

static void
refuses_a_token_at_its_end(void **state)
{
	struct buf token = make_token(US, US, "u", "");
	struct identity who;
	enum jwt_refusal refusal;

	(void)state;
	identity_init(&who);
	assert_int_equal(guard_check(&guard, buf_str(&token), NOW + 599, &who, &refusal),
			 VERDICT_ALLOW);
	assert_int_equal(guard_check(&guard, buf_str(&token), NOW + 600, &who, &refusal),
			 VERDICT_DENY);
	assert_int_equal(refusal, JWT_EXPIRED);
	assert_int_equal(who.id.n, 0);
	buf_done(&token);
}

static void
does_not_open_without_our_own_keys(void **state)
{
	struct guard g;
	struct why why;

	(void)state;
	fill_guard(&g);
	g.issuers[US].keys = "/nonexistent/jwks.json";
	assert_int_not_equal(guard_open(&g, &why), ERR_OK);
	guard_close(&g);
}

static void
another_issuers_missing_keys_stop_only_its_own_users(void **state)
{
	struct identity who;
	struct why why;

	(void)state;
	fill_guard(&guard);
	guard.issuers[KEYCLOAK].keys = "/nonexistent/jwks.json";
	assert_int_equal(guard_open(&guard, &why), ERR_OK);
	assert_int_equal(check(US, US, "u", "", &who), JWT_ACCEPTED);
	identity_done(&who);
	assert_int_equal(check(PLAIN, PLAIN, "u", "", &who), JWT_ACCEPTED);
	identity_done(&who);
	assert_int_equal(check(KEYCLOAK, KEYCLOAK, "u", "", &who), JWT_FAILED);
	guard_close(&guard);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_guard, close_guard)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_key_proves_its_own_issuer_and_no_other),
		TEST(a_user_of_ours_is_called_by_name),
		TEST(a_user_of_another_issuer_can_impersonate_nobody),
		TEST(says_what_kind_of_token_it_is),
		TEST(carries_scope_and_proofs_of_our_own_tokens_only),
		TEST(a_foreign_user_is_signed_in_by_a_role_that_is_mapped),
		TEST(nobody_of_ours_is_called_like_a_user_of_another_issuer),
		TEST(roles_of_others_count_as_far_as_they_are_mapped),
		TEST(a_roles_claim_of_ours_is_a_list_of_strings),
		TEST(without_a_roles_claim_there_are_no_roles),
		TEST(refuses_names_that_would_break_a_header_or_a_log),
		TEST(refuses_what_no_issuer_stands_for),
		TEST(refuses_a_token_at_its_end),
		TEST(a_programs_token_for_a_path_is_good_there_and_below),
		TEST(only_a_clients_token_is_good_for_the_provider_without_a_path),
		TEST(an_audience_that_only_looks_like_a_path_of_the_site_is_refused),
		cmocka_unit_test(does_not_open_without_our_own_keys),
		cmocka_unit_test(another_issuers_missing_keys_stop_only_its_own_users),
	};

	log_open("test", LOG_ERROR);
	return cmocka_run_group_tests(tests, make_keys, remove_keys);
}
