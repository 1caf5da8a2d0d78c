/* The guard's cache of verified tokens: what it remembers must die in time. */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "jose/jwk/jwk.h"
#include "jose/jwt/jwt.h"
#include "token/guard.h"

#define NOW INT64_C(1795464000)
#define SITE "https://site.example"
#define SID "0c1d2e3f-4a5b-4c6d-8e7f-901234567890"

static char directory[] = "/tmp/doorward-cache-XXXXXX";
static char keys_path[64], revocations_path[64], later_path[REVOCATIONS_PATH_MAX];
static struct jwk key, other;
static struct guard guard;
static struct identity who;

static void
put(const char *path, struct str text)
{
	const struct file_access access = { 0644, FILE_ANYONE, FILE_ANYONE };

	assert_int_equal(file_replace(path, text, &access, NULL), ERR_OK);
}

/* Publish `a`, and `b` unless it is NULL; the watch looks once a second. */
static void
publish(struct jwk *a, struct jwk *b)
{
	struct buf out;

	buf_init(&out, KEYSET_BYTES);
	buf_addz(&out, "{\"keys\":[");
	assert_int_equal(jwk_write(a, JWK_PUBLIC, &out), ERR_OK);
	if (b != NULL)
		assert_int_equal(jwk_write(b, JWK_PUBLIC, &out), ERR_OK);
	buf_addz(&out, "]}");
	put(keys_path, buf_str(&out));
	buf_done(&out);
	guard.issuers[0].watch.watch.next_ms = 0;
}

static void
put_revocations(const char *path, const struct revocations_head *head, const char *sid)
{
	struct buf out;

	buf_init(&out, REVOCATIONS_BYTES);
	revocations_put_head(&out, head);
	if (head->n > 0)
		revocations_put(&out, head, 0, str_of(sid), NOW + 600);
	put(path, buf_str(&out));
	buf_done(&out);
}

static void
revoke_sid(const char *sid)
{
	const struct revocations_head soon = { .n = sid != NULL },
				      later = { .later = true };

	put_revocations(later_path, &later, NULL);
	put_revocations(revocations_path, &soon, sid);
}

static void
issue(struct jwk *by, int64_t exp, struct buf *token)
{
	struct claims c;

	claims_init(&c);
	c.iss = c.aud[0] = STR(SITE);
	c.n_aud = 1;
	c.sub = STR("5f2c6a52-8f0e-4a55-9a0c-3f6b0f9f7f10");
	c.sid = STR(SID);
	c.roles[c.n_roles++] = STR("member");
	c.roles[c.n_roles++] = STR("editor");
	c.iat = NOW;
	c.exp = exp;
	c.has_iat = c.has_exp = true;
	buf_init(token, JWT_MAX);
	assert_int_equal(jwt_issue(by, "at+jwt", &c, token), ERR_OK);
}

static int
set_up(void **state)
{
	struct why why;

	(void)state;
	log_open("test", LOG_ERROR);
	if (mkdtemp(directory) == NULL || log_to_file("/dev/null", &why) != ERR_OK)
		return -1;
	snprintf(keys_path, sizeof(keys_path), "%s/jwks.json", directory);
	snprintf(revocations_path, sizeof(revocations_path), "%s/revocations", directory);
	revocations_later_path(revocations_path, later_path);
	return jwk_make(alg_find(STR("EdDSA")), 0, CURVE_NONE, NOW, &key, &why) !=
		       ERR_OK ||
	       jwk_make(alg_find(STR("EdDSA")), 0, CURVE_NONE, NOW, &other, &why) !=
		       ERR_OK;
}

static int
tear_down(void **state)
{
	(void)state;
	unlink(keys_path);
	unlink(revocations_path);
	unlink(later_path);
	rmdir(directory);
	jwk_done(&key);
	jwk_done(&other);
	return 0;
}

static int
open_guard(void **state)
{
	struct why why;

	(void)state;
	publish(&key, &other);
	revoke_sid(NULL);
	guard = (struct guard){ .n = 1,
				.revocation_file = revocations_path,
				.cache_entries = 8 };
	guard.issuers[0].policy = (struct jwt_policy){ .issuer = STR(SITE),
						       .audience = STR(SITE),
						       .typ = STR("at+jwt") };
	guard.issuers[0].keys = keys_path;
	identity_init(&who);
	if (guard_open(&guard, &why) == ERR_OK)
		return 0;
	print_error("%s\n", why.text);
	return -1;
}

static int
close_guard(void **state)
{
	(void)state;
	identity_done(&who);
	guard_close(&guard);
	return 0;
}

static enum jwt_refusal
check(const struct buf *token, int64_t now)
{
	enum jwt_refusal refusal;
	enum verdict v = guard_check(&guard, buf_str(token), now, &who, &refusal);

	assert_int_equal(v == VERDICT_ALLOW, refusal == JWT_ACCEPTED);
	return refusal;
}

/* Twice: what is sent only once is not kept. */
static void
cache(const struct buf *token)
{
	assert_int_equal(check(token, NOW), JWT_ACCEPTED);
	assert_int_equal(check(token, NOW), JWT_ACCEPTED);
}

static bool
is_cached(const struct buf *token, int64_t now)
{
	return token_cache_find(guard.cache, buf_str(token), now) != NULL;
}

static void
remembers_what_it_proved(void **state)
{
	struct buf token;

	(void)state;
	issue(&key, NOW + 600, &token);
	for (int i = 0; i < 5; i++) {
		/* what is sent only once is not kept */
		assert_int_equal(is_cached(&token, NOW), i >= 2);
		assert_int_equal(check(&token, NOW), JWT_ACCEPTED);
		assert_int_equal(who.claims == &guard.verified->claims, i == 0);
		assert_true(str_is(who.id, "5f2c6a52-8f0e-4a55-9a0c-3f6b0f9f7f10"));
		assert_true(str_is(who.claims->sid, SID));
		assert_int_equal(who.n_roles, 2);
		assert_true(identity_has_role(&who, STR("editor")));
		assert_int_equal(who.expires, NOW + 600);
	}
	buf_done(&token);
}

static void
remembers_nothing_that_was_refused(void **state)
{
	struct buf token;

	(void)state;
	issue(&key, NOW + 600, &token);
	token.p[token.n - 10] = token.p[token.n - 10] == 'A' ? 'B' : 'A';
	for (int i = 0; i < 3; i++) {
		assert_int_equal(check(&token, NOW), JWT_SIGNATURE);
		assert_false(is_cached(&token, NOW));
		assert_int_equal(who.id.n, 0);
		assert_int_equal(who.claims->payload.n, 0);
		assert_int_equal(guard.verified->claims.payload.n, 0);
	}
	buf_done(&token);
}

static void
a_changed_byte_is_another_token(void **state)
{
	struct buf token;

	(void)state;
	issue(&key, NOW + 600, &token);
	cache(&token);
	assert_true(is_cached(&token, NOW));
	for (size_t i = 0; i < token.n; i++) {
		char was = token.p[i];

		token.p[i] = was == 'x' ? 'y' : 'x';
		assert_int_not_equal(check(&token, NOW), JWT_ACCEPTED);
		token.p[i] = was;
	}
	token.n--;
	assert_int_not_equal(check(&token, NOW), JWT_ACCEPTED);
	token.n++;
	assert_int_equal(check(&token, NOW), JWT_ACCEPTED);
	buf_done(&token);
}

static void
a_cached_token_dies_at_its_exp(void **state)
{
	struct buf token;

	(void)state;
	issue(&key, NOW + 10, &token);
	cache(&token);
	assert_true(is_cached(&token, NOW));
	assert_int_equal(check(&token, NOW + 9), JWT_ACCEPTED);
	assert_int_equal(check(&token, NOW + 10), JWT_EXPIRED);
	buf_done(&token);
}

static void
a_cached_token_is_not_good_before_its_iat(void **state)
{
	struct buf token;

	(void)state;
	issue(&key, NOW + 600, &token);
	cache(&token);
	assert_int_equal(check(&token, NOW - 1), JWT_NOT_YET);
	buf_done(&token);
}

static void
a_cached_token_dies_at_logout(void **state)
{
	struct buf token;

	(void)state;
	issue(&key, NOW + 600, &token);
	cache(&token);
	revoke_sid(SID);
	assert_int_equal(check(&token, NOW), JWT_REVOKED);
	revoke_sid(NULL);
	assert_int_equal(check(&token, NOW), JWT_ACCEPTED);
	unlink(revocations_path);
	assert_int_equal(check(&token, NOW), JWT_FAILED);
	buf_done(&token);
}

static void
a_cached_token_dies_with_its_key(void **state)
{
	struct buf token;

	(void)state;
	issue(&key, NOW + 600, &token);
	cache(&token);
	publish(&other, NULL);
	assert_int_equal(check(&token, NOW), JWT_NO_KEY);
	buf_done(&token);
}

static void
a_cached_token_dies_at_the_exp_of_its_key(void **state)
{
	struct buf token;

	(void)state;
	key.exp = NOW + 10;
	publish(&key, &other);
	key.exp = 0;
	issue(&key, NOW + 600, &token);
	cache(&token);
	assert_true(is_cached(&token, NOW + 9));
	assert_int_equal(check(&token, NOW + 10), JWT_NO_KEY);
	buf_done(&token);
}

static void
gives_up_the_least_used(void **state)
{
	struct buf tokens[40];

	(void)state;
	for (size_t i = 0; i < COUNT(tokens); i++) {
		issue(&key, NOW + 600 + (int64_t)i, &tokens[i]);
		cache(&tokens[i]);
		assert_true(is_cached(&tokens[i], NOW));
	}
	for (size_t i = 0, cached = 0; i < COUNT(tokens); i++) {
		cached += is_cached(&tokens[i], NOW);
		assert_in_range(cached, 0, 8);
		buf_done(&tokens[i]);
	}
}

static void
works_without_a_cache(void **state)
{
	struct why why;
	struct buf token;

	(void)state;
	guard_close(&guard);
	open_guard(state);
	guard_close(&guard);
	guard = (struct guard){ .n = 1 };
	guard.issuers[0].policy =
		(struct jwt_policy){ .issuer = STR(SITE), .audience = STR(SITE) };
	guard.issuers[0].keys = keys_path;
	assert_int_equal(guard_open(&guard, &why), ERR_OK);
	assert_null(guard.cache);
	issue(&key, NOW + 600, &token);
	assert_int_equal(check(&token, NOW), JWT_ACCEPTED);
	assert_ptr_equal(who.claims, &guard.verified->claims);
	assert_int_equal(check(&token, NOW + 600), JWT_EXPIRED);
	buf_done(&token);
}

#define WITH_GUARD(test) cmocka_unit_test_setup_teardown(test, open_guard, close_guard)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_GUARD(remembers_what_it_proved),
		WITH_GUARD(remembers_nothing_that_was_refused),
		WITH_GUARD(a_changed_byte_is_another_token),
		WITH_GUARD(a_cached_token_dies_at_its_exp),
		WITH_GUARD(a_cached_token_is_not_good_before_its_iat),
		WITH_GUARD(a_cached_token_dies_at_logout),
		WITH_GUARD(a_cached_token_dies_with_its_key),
		WITH_GUARD(a_cached_token_dies_at_the_exp_of_its_key),
		WITH_GUARD(gives_up_the_least_used),
		WITH_GUARD(works_without_a_cache),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
