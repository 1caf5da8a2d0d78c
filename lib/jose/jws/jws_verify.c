#include "jose/jws/jws_verify.h"

#include "base/base64url.h"
#include "jose/jws/jws_check.h"

#define SIGNATURE_MAX 1024 /* octets: RSA of 8192 bits */

static enum jwt_refusal
verify(const struct keyset *set, const struct str part[3], int64_t now, struct header *h)
{
	struct str input = { part[0].p, part[0].n + 1 + part[1].n };
	char signature[SIGNATURE_MAX];
	struct jwk *key;
	size_t n;
	bool is_known = header_recall(set->memo, part[0], h);
	enum jwt_refusal r = is_known ? JWT_ACCEPTED : header_parse(part[0], ALG_SIGN, h);

	if (r != JWT_ACCEPTED)
		return r;
	if (part[2].n > BASE64URL_LENGTH(SIGNATURE_MAX) ||
	    !base64url_decode_to(signature, sizeof(signature), &n, part[2]))
		return JWT_MALFORMED;
	if ((key = keyset_find(set, h->has_kid, h->kid, now)) == NULL)
		return JWT_NO_KEY;
	if (key->alg != h->alg)
		return JWT_ALGORITHM;
	r = jws_check(key, input, (struct str){ signature, n });
	if (r == JWT_ACCEPTED && !is_known)
		header_remember(set->memo, part[0], h);
	return r;
}

/* If the payload does not fit or cannot be decoded, nothing of it stays. */
static enum jwt_refusal
add_payload(struct buf *payload, struct str part)
{
	bool fits = part.n / 4 * 3 + 2 <= payload->max - payload->n;

	if (base64url_decode(payload, part))
		return JWT_ACCEPTED;
	if (!payload->failed)
		return JWT_MALFORMED;
	return fits ? JWT_FAILED : JWT_TOO_LONG;
}

enum verdict
jws_verify(const struct keyset *set, struct str token, int64_t now, struct header *h,
	   struct buf *payload, enum jwt_refusal *refusal)
{
	struct str part[3];

	*h = (struct header){ 0 };
	*refusal = JWT_REFUSED;
	if (token.n > JWS_MAX)
		*refusal = JWT_TOO_LONG;
	else if (!compact_split(token, part, 3))
		*refusal = JWT_MALFORMED;
	else
		*refusal = verify(set, part, now, h);
	if (*refusal != JWT_ACCEPTED)
		return VERDICT_DENY;
	*refusal = add_payload(payload, part[1]);
	return *refusal == JWT_ACCEPTED ? VERDICT_ALLOW : VERDICT_DENY;
}

enum jwt_refusal
jws_peek(struct str token, struct header *h, struct buf *payload)
{
	struct str part[3];
	enum jwt_refusal r;

	*h = (struct header){ 0 };
	if (token.n > JWS_MAX)
		return JWT_TOO_LONG;
	if (!compact_split(token, part, 3))
		return JWT_MALFORMED;
	r = header_parse(part[0], ALG_SIGN, h);
	return r == JWT_ACCEPTED ? add_payload(payload, part[1]) : r;
}
