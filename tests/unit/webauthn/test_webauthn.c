/* The door of passkeys, with the vectors of WebAuthn Level 3, section 16.2. */
#include "check.h"

#include <string.h>

#include "base/base64url.h"
#include "webauthn/webauthn.h"
#include "webauthn_vectors.h"

#define OUTER(response)                                                                  \
	"{\"id\":\"" CREDENTIAL_ID "\",\"rawId\":\"" CREDENTIAL_ID                       \
	"\",\"type\":\"public-key\",\"clientExtensionResults\":{},\"response\":"         \
	"{" response "}}"
#define MADE_WITH(more)                                                                  \
	OUTER("\"clientDataJSON\":\"" MADE_CLIENT_DATA                                   \
	      "\",\"attestationObject\":\"" MADE_ATTESTATION "\"" more)
#define SAID_WITH(signature, more)                                                       \
	OUTER("\"clientDataJSON\":\"" SAID_CLIENT_DATA                                   \
	      "\",\"authenticatorData\":\"" SAID_DATA "\",\"signature\":\"" signature    \
	      "\"" more)
#define MADE MADE_WITH("")
#define SAID SAID_WITH(SAID_SIGNATURE, "")

static const struct str origin = STR("https://example.org");
static const struct webauthn_policy usual = {
	.rp_id = STR("example.org"),
	.origins = &origin,
	.n_origins = 1,
};

static struct str
bytes_of(const char *text, struct buf *out)
{
	buf_init(out, 4096);
	assert_true(base64url_decode(out, str_of(text)));
	return buf_str(out);
}

static enum webauthn_verdict
make(const struct webauthn_policy *policy, const char *challenge, const char *json,
     struct webauthn_registration *r, struct why *why)
{
	enum webauthn_verdict verdict = WEBAUTHN_GOOD;
	struct buf bytes;

	*why = (struct why){ "" };
	assert_int_equal(webauthn_register(policy, bytes_of(challenge, &bytes),
					   str_of(json), r, &verdict, why),
			 ERR_OK);
	buf_done(&bytes);
	assert_true((verdict == WEBAUTHN_GOOD) == (why->text[0] == '\0'));
	return verdict;
}

/* Register the vector's passkey, and read the answer `json`. */
static void
prepare(struct webauthn_registration *r, const char *json, struct webauthn_assertion *a)
{
	bool readable = false;
	struct why why;

	assert_int_equal(make(&usual, MADE_CHALLENGE, MADE, r, &why), WEBAUTHN_GOOD);
	assert_int_equal(webauthn_read_assertion(str_of(json), a, &readable, &why),
			 ERR_OK);
	assert_true(readable);
}

static enum webauthn_verdict
judge(const struct webauthn_known *known, struct webauthn_assertion *a, struct why *why)
{
	enum webauthn_verdict verdict = WEBAUTHN_GOOD;
	struct buf bytes;

	*why = (struct why){ "" };
	assert_int_equal(webauthn_authenticate(&usual, bytes_of(SAID_CHALLENGE, &bytes),
					       known, a, &verdict, why),
			 ERR_OK);
	buf_done(&bytes);
	return verdict;
}

static void
accepts_the_registration_of_the_specification(void **state)
{
	struct webauthn_registration r;
	struct buf id, jwk;
	struct why why;
	struct jwk key;

	(void)state;
	assert_int_equal(make(&usual, MADE_CHALLENGE, MADE, &r, &why), WEBAUTHN_GOOD);
	assert_true(str_eq(buf_str(&r.credential_id), bytes_of(CREDENTIAL_ID, &id)));
	assert_string_equal(r.format, "none");
	assert_int_equal(r.counter, 0);
	assert_true(r.flags.up && !r.flags.uv && r.flags.be && r.flags.bs);
	assert_int_equal(r.n_transports, 0);
	buf_init(&jwk, JWK_MAX);
	assert_int_equal(webauthn_write_key(&r.key, &jwk), ERR_OK);
	assert_int_equal(webauthn_read_key(buf_str(&jwk), &key, &why), ERR_OK);
	assert_string_equal(key.thumbprint, r.key.thumbprint);
	jwk_done(&key);
	buf_done(&jwk);
	buf_done(&id);
	webauthn_registration_done(&r);
	webauthn_registration_done(&r);
}

static void
leaves_nothing_of_a_refused_registration(void **state)
{
	struct webauthn_policy strict = usual;
	struct webauthn_registration r;
	struct why why;

	(void)state;
	strict.user_verification = true;
	assert_int_equal(make(&strict, MADE_CHALLENGE, MADE, &r, &why), WEBAUTHN_REFUSED);
	assert_non_null(strstr(why.text, "UV is not set"));
	assert_int_equal(r.credential_id.n, 0);
	assert_null(r.key.pkey);
	assert_string_equal(r.format, "");
	webauthn_registration_done(&r);
}

static void
refuses_every_registration_without_a_challenge_or_origins(void **state)
{
	struct webauthn_policy none = usual;
	struct webauthn_registration r;
	struct why why;

	(void)state;
	assert_int_equal(make(&usual, "", MADE, &r, &why), WEBAUTHN_REFUSED);
	assert_int_equal(make(&usual, SAID_CHALLENGE, MADE, &r, &why), WEBAUTHN_REFUSED);
	none.n_origins = 0;
	assert_int_equal(make(&none, MADE_CHALLENGE, MADE, &r, &why), WEBAUTHN_REFUSED);
	none = usual;
	none.rp_id = STR("");
	assert_int_equal(make(&none, MADE_CHALLENGE, MADE, &r, &why), WEBAUTHN_REFUSED);
}

static void
keeps_the_transports_that_are_words(void **state)
{
	struct webauthn_registration r;
	struct why why;

	(void)state;
	assert_int_equal(make(&usual, MADE_CHALLENGE,
			      MADE_WITH(",\"transports\":[\"usb\",\"\",\"x,y\",\"USB\","
					"\"smart-card\","
					"\"a-word-that-is-too-long\",\"}\"]"),
			      &r, &why),
			 WEBAUTHN_GOOD);
	assert_int_equal(r.n_transports, 2);
	assert_string_equal(r.transports[0], "usb");
	assert_string_equal(r.transports[1], "smart-card");
	webauthn_registration_done(&r);
	assert_int_equal(make(&usual, MADE_CHALLENGE,
			      MADE_WITH(",\"transports\":[\"a\",\"b\",\"c\",\"d\",\"e\","
					"\"f\",\"g\",\"h\",\"i\",\"j\"]"),
			      &r, &why),
			 WEBAUTHN_GOOD);
	assert_int_equal(r.n_transports, WEBAUTHN_TRANSPORTS_MAX);
	webauthn_registration_done(&r);
}

static void
accepts_the_answer_of_the_specification(void **state)
{
	struct webauthn_registration r;
	struct webauthn_assertion a;
	struct why why;

	(void)state;
	prepare(&r, SAID, &a);
	assert_true(str_eq(buf_str(&a.credential_id), buf_str(&r.credential_id)));
	assert_int_equal(judge(&(struct webauthn_known){ .key = &r.key,
							 .backup_said = true,
							 .backup_eligible = true },
			       &a, &why),
			 WEBAUTHN_GOOD);
	assert_string_equal(why.text, "");
	assert_true(a.flags.up && !a.flags.uv && a.flags.be && a.flags.bs);
	assert_int_equal(a.counter, 0);
	webauthn_assertion_done(&a);
	webauthn_assertion_done(&a);
	webauthn_registration_done(&r);
}

static void
tells_a_counter_that_did_not_grow_from_other_refusals(void **state)
{
	struct webauthn_registration r;
	struct webauthn_assertion a;
	struct why why;

	(void)state;
	prepare(&r, SAID, &a);
	assert_int_equal(
		judge(&(struct webauthn_known){ .key = &r.key, .counter = 7 }, &a, &why),
		WEBAUTHN_COUNTER);
	assert_non_null(strstr(why.text, "greater than the stored 7"));
	webauthn_assertion_done(&a);
	webauthn_registration_done(&r);
}

static void
demands_a_user_handle_where_nobody_was_named(void **state)
{
	struct webauthn_registration r;
	struct webauthn_assertion a;
	struct why why;

	(void)state;
	prepare(&r, SAID, &a);
	assert_int_equal(judge(&(struct webauthn_known){ .key = &r.key,
							 .user_handle_wanted = true },
			       &a, &why),
			 WEBAUTHN_REFUSED);
	assert_string_equal(why.text, "userHandle is missing");
	webauthn_assertion_done(&a);
	webauthn_registration_done(&r);
	prepare(&r, SAID_WITH(SAID_SIGNATURE, ",\"userHandle\":\"YW5u\""), &a);
	assert_true(str_is(buf_str(&a.user_handle), "ann"));
	assert_int_equal(judge(&(struct webauthn_known){ .key = &r.key,
							 .user_handle = STR("bob"),
							 .user_handle_wanted = true },
			       &a, &why),
			 WEBAUTHN_REFUSED);
	assert_int_equal(judge(&(struct webauthn_known){ .key = &r.key,
							 .user_handle = STR("ann"),
							 .user_handle_wanted = true },
			       &a, &why),
			 WEBAUTHN_GOOD);
	webauthn_assertion_done(&a);
	webauthn_registration_done(&r);
}

static void
sets_no_flags_of_a_refused_answer(void **state)
{
	struct webauthn_registration r;
	struct webauthn_assertion a;
	struct str other = STR("other");
	struct why why;

	(void)state;
	prepare(&r, SAID, &a);
	assert_int_equal(judge(&(struct webauthn_known){ .key = &r.key,
							 .allowed = &other,
							 .n_allowed = 1 },
			       &a, &why),
			 WEBAUTHN_REFUSED);
	assert_false(a.flags.up);
	webauthn_assertion_done(&a);
	webauthn_registration_done(&r);
}

static void
reads_no_answer_that_is_malformed(void **state)
{
	static const char *const texts[] = { "",
					     "{}",
					     "[]",
					     MADE,
					     SAID_WITH("AA=", ""),
					     SAID_WITH("AA", ",\"userHandle\":7") };
	struct webauthn_assertion a;
	struct why why;
	bool readable;

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		readable = true;
		why = (struct why){ "" };
		assert_int_equal(
			webauthn_read_assertion(str_of(texts[i]), &a, &readable, &why),
			ERR_OK);
		assert_false(readable);
		assert_true(why.text[0] != '\0');
		webauthn_assertion_done(&a);
	}
}

static void
reads_keys_of_the_algorithms_on_offer(void **state)
{
	static const struct {
		const char *jwk;
		enum err e;
	} rows[] = {
		{ "{\"kty\":\"OKP\",\"crv\":\"Ed25519\","
		  "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}",
		  ERR_OK },
		{ "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"alg\":\"Ed25519\","
		  "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}",
		  ERR_OK },
		{ "{\"kty\":\"OKP\",\"crv\":\"X25519\","
		  "\"x\":\"3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08\"}",
		  ERR_UNSUPPORTED },
		{ "{\"kty\":\"oct\",\"alg\":\"HS256\","
		  "\"k\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}",
		  ERR_UNSUPPORTED },
		{ "{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"}", ERR_SYNTAX },
		{ "{\"kty\":\"RSA\",\"alg\":\"none\",\"n\":\"AQAB\",\"e\":\"AQAB\"}",
		  ERR_UNSUPPORTED },
		{ "not JSON", ERR_SYNTAX },
	};
	struct why why;
	struct jwk key;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_int_equal(webauthn_read_key(str_of(rows[i].jwk), &key, &why),
				 rows[i].e);
		jwk_done(&key);
	}
}

static void
offers_three_algorithms(void **state)
{
	(void)state;
	assert_int_equal(webauthn_alg(0), -8);
	assert_int_equal(webauthn_alg(1), -7);
	assert_int_equal(webauthn_alg(2), -257);
	assert_int_equal(webauthn_alg(3), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(accepts_the_registration_of_the_specification),
		cmocka_unit_test(leaves_nothing_of_a_refused_registration),
		cmocka_unit_test(
			refuses_every_registration_without_a_challenge_or_origins),
		cmocka_unit_test(keeps_the_transports_that_are_words),
		cmocka_unit_test(accepts_the_answer_of_the_specification),
		cmocka_unit_test(tells_a_counter_that_did_not_grow_from_other_refusals),
		cmocka_unit_test(demands_a_user_handle_where_nobody_was_named),
		cmocka_unit_test(sets_no_flags_of_a_refused_answer),
		cmocka_unit_test(reads_no_answer_that_is_malformed),
		cmocka_unit_test(reads_keys_of_the_algorithms_on_offer),
		cmocka_unit_test(offers_three_algorithms),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
