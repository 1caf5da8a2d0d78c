/*
 * What browsers send. The first byte says what the rest is: a whole JSON, or one member of a
 * good one. A registration that is good keeps what the policy demands, and its key can be
 * written and read. An answer is good only with the bytes that the passkey has signed.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64url.h"
#include "tests/unit/webauthn/webauthn_vectors.h"
#include "webauthn/webauthn.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum part {
	JSON_MADE,
	JSON_SAID,
	ATTESTATION,
	MADE_CLIENT,
	DATA,
	SAID_CLIENT,
	SIGNATURE
};

static const struct str origin = { "https://example.org", 19 };
static const struct webauthn_policy policy = {
	.rp_id = { "example.org", 11 },
	.origins = &origin,
	.n_origins = 1,
};

static void
decode(const char *text, struct buf *out)
{
	buf_init(out, WEBAUTHN_JSON_MAX);
	if (!base64url_decode(out, str_of(text)))
		abort();
}

/* `usual`, or the input if it is for this member. */
static void
put_member(struct buf *json, const char *name, const char *usual, bool is_input,
	   struct str input)
{
	buf_addf(json, "\"%s\":\"", name);
	if (is_input)
		base64url_encode(json, input);
	else
		buf_addz(json, usual);
	buf_addz(json, "\"");
}

static void
put_json(struct buf *json, enum part part, struct str input)
{
	bool made = part == ATTESTATION || part == MADE_CLIENT;

	buf_addz(json, "{\"id\":\"" CREDENTIAL_ID "\",\"rawId\":\"" CREDENTIAL_ID
		       "\",\"type\":\"public-key\",\"response\":{");
	put_member(json, "clientDataJSON", made ? MADE_CLIENT_DATA : SAID_CLIENT_DATA,
		   part == MADE_CLIENT || part == SAID_CLIENT, input);
	buf_addz(json, ",");
	if (made) {
		put_member(json, "attestationObject", MADE_ATTESTATION,
			   part == ATTESTATION, input);
	} else {
		put_member(json, "authenticatorData", SAID_DATA, part == DATA, input);
		buf_addz(json, ",");
		put_member(json, "signature", SAID_SIGNATURE, part == SIGNATURE, input);
	}
	buf_addz(json, "}}");
}

static void
try_registration(struct str json, struct jwk *known)
{
	struct webauthn_registration r;
	enum webauthn_verdict verdict;
	struct buf challenge, jwk;
	struct jwk key;

	decode(MADE_CHALLENGE, &challenge);
	if (webauthn_register(&policy, buf_str(&challenge), json, &r, &verdict, NULL) !=
	    ERR_OK)
		abort();
	if (verdict == WEBAUTHN_GOOD) {
		if (r.credential_id.n == 0 || r.credential_id.n > WEBAUTHN_ID_MAX ||
		    !r.flags.up || (r.flags.bs && !r.flags.be) || r.format[0] == '\0')
			abort();
		buf_init(&jwk, JWK_MAX);
		if (webauthn_write_key(&r.key, &jwk) != ERR_OK ||
		    webauthn_read_key(buf_str(&jwk), &key, NULL) != ERR_OK ||
		    strcmp(key.thumbprint, r.key.thumbprint) != 0)
			abort();
		if (known != NULL)
			*known = key;
		else
			jwk_done(&key);
		buf_done(&jwk);
	}
	webauthn_registration_done(&r);
	buf_done(&challenge);
}

static void
try_answer(struct str json, struct jwk *key)
{
	struct webauthn_known known = { .key = key };
	struct webauthn_assertion a;
	enum webauthn_verdict verdict;
	struct buf challenge, data, client;
	bool readable;

	decode(SAID_CHALLENGE, &challenge);
	decode(SAID_DATA, &data);
	decode(SAID_CLIENT_DATA, &client);
	if (webauthn_read_assertion(json, &a, &readable, NULL) != ERR_OK)
		abort();
	if (readable && (webauthn_authenticate(&policy, buf_str(&challenge), &known, &a,
					       &verdict, NULL) != ERR_OK ||
			 (verdict == WEBAUTHN_GOOD &&
			  (!str_eq(buf_str(&a.authenticator_data), buf_str(&data)) ||
			   !str_eq(buf_str(&a.client_data), buf_str(&client))))))
		abort();
	webauthn_assertion_done(&a);
	buf_done(&challenge);
	buf_done(&data);
	buf_done(&client);
}

/* The key of the vectors, which is made once. */
static struct jwk *
vector_key(void)
{
	static struct jwk key;
	struct buf json;

	if (key.pkey != NULL)
		return &key;
	buf_init(&json, WEBAUTHN_JSON_MAX);
	buf_addz(&json, "{\"id\":\"" CREDENTIAL_ID "\",\"rawId\":\"" CREDENTIAL_ID
			"\",\"type\":\"public-key\",\"response\":{\"clientDataJSON\":"
			"\"" MADE_CLIENT_DATA "\",\"attestationObject\":"
			"\"" MADE_ATTESTATION "\"}}");
	try_registration(buf_str(&json), &key);
	buf_done(&json);
	return &key;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str input = { (const char *)data, size };
	enum part part;
	struct buf json;

	if (size == 0)
		return 0;
	part = (enum part)(data[0] - 'a');
	input = str_sub(input, 1, size);
	buf_init(&json, 2 * WEBAUTHN_JSON_MAX + input.n * 2);
	if (part == JSON_MADE || part == JSON_SAID)
		buf_add(&json, input);
	else if (part <= SIGNATURE)
		put_json(&json, part, input);
	if (part == JSON_MADE || part == ATTESTATION || part == MADE_CLIENT)
		try_registration(buf_str(&json), NULL);
	else if (part <= SIGNATURE)
		try_answer(buf_str(&json), vector_key());
	buf_done(&json);
	return 0;
}
