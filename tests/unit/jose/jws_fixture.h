/* Keys of every signature algorithm, and tokens made with them. */
#ifndef JWS_FIXTURE_H
#define JWS_FIXTURE_H

#include "check.h"

#include <stdio.h>
#include <string.h>

#include "base/base64url.h"
#include "crypto/mac.h"
#include "jose/jws/jws_sign.h"
#include "jose/jws/jws_verify.h"
#include "vectors.h"

#define NOW 2000000000
#define SIGNING 14 /* algorithms */

/* One made key for each algorithm, in the order of alg_at. */
static struct jwk keys[SIGNING];

static inline int
make_keys(void **state)
{
	struct why why;

	(void)state;
	for (size_t i = 0; i < SIGNING; i++)
		if (jwk_make(alg_at(i), 2048, CURVE_NONE, NOW, &keys[i], &why) != ERR_OK)
			return -1;
	return 0;
}

static inline int
free_keys(void **state)
{
	(void)state;
	for (size_t i = 0; i < SIGNING; i++)
		jwk_done(&keys[i]);
	return 0;
}

/* A set of that one key, as a program that verifies would load it. */
static inline void
verifying_set(const struct jwk *key, struct keyset *set)
{
	struct why why = { 0 };
	struct buf json;

	buf_init(&json, JWK_MAX);
	assert_int_equal(
		jwk_write(key, key->type == KEY_OCT ? JWK_WHOLE : JWK_PUBLIC, &json),
		ERR_OK);
	if (keyset_parse(buf_str(&json), KEYSET_VERIFY, set, &why) != ERR_OK)
		fail_msg("%s", why.text);
	buf_done(&json);
}

static inline enum jwt_refusal
verify(const struct keyset *set, struct str token, struct buf *payload)
{
	enum jwt_refusal r = JWT_ACCEPTED;
	struct header h;
	struct buf own;
	enum verdict v;

	buf_init(&own, JWS_MAX);
	v = jws_verify(set, token, NOW, &h, payload != NULL ? payload : &own, &r);
	assert_int_equal(v == VERDICT_ALLOW, r == JWT_ACCEPTED);
	if (v != VERDICT_ALLOW)
		assert_int_equal((payload != NULL ? payload : &own)->n, 0);
	header_done(&h);
	buf_done(&own);
	return r;
}

static inline enum jwt_refusal
verify_with(const char *jwk, struct str token)
{
	struct why why = { 0 };
	struct keyset set;
	enum jwt_refusal r;

	if (keyset_parse(str_of(jwk), KEYSET_VERIFY_ANY, &set, &why) != ERR_OK)
		fail_msg("%s: %s", why.text, jwk);
	r = verify(&set, token, NULL);
	keyset_done(&set);
	return r;
}

static inline void
sign_with(struct jwk *key, struct str payload, struct buf *token)
{
	buf_init(token, JWS_MAX);
	assert_int_equal(jws_sign(key, NULL, payload, token), ERR_OK);
}

/* The token of algorithm i, with its parts replaced where not NULL. */
static inline void
forge(size_t i, const char *header, const char *payload, struct str *signature,
      struct buf *out)
{
	struct buf token;
	struct str part[3];

	sign_with(&keys[i], STR("{\"a\":1}"), &token);
	assert_true(compact_split(buf_str(&token), part, 3));
	buf_init(out, JWS_MAX);
	if (header != NULL)
		base64url_encode(out, str_of(header));
	else
		buf_add(out, part[0]);
	buf_addc(out, '.');
	if (payload != NULL)
		base64url_encode(out, str_of(payload));
	else
		buf_add(out, part[1]);
	buf_addc(out, '.');
	if (signature != NULL)
		base64url_encode(out, *signature);
	else
		buf_add(out, part[2]);
	assert_false(out->failed);
	buf_done(&token);
}

#endif
