#include "webauthn/signature.h"

#include <string.h>

#include "base/buf.h"
#include "crypto/hash.h"
#include "jose/alg.h"
#include "jose/jws/jws_check.h"
#include "webauthn/webauthn.h"

#define HALF 32 /* octets of r, and of s, on P-256 */

/*
 * Cut an INTEGER of DER (X.690, 8.3) off, which must be positive, in its shortest form,
 * and fit into HALF octets.
 */
static bool
cut_integer(struct str *der, unsigned char out[HALF])
{
	const unsigned char *p = (const unsigned char *)der->p;
	size_t n, zeros;

	if (der->n < 3 || p[0] != 0x02)
		return false;
	n = p[1];
	if (n == 0 || n > HALF + 1 || n > der->n - 2 || (p[2] & 0x80) != 0)
		return false;
	zeros = p[2] == 0 ? 1 : 0;
	if (zeros == 1 && n > 1 && (p[3] & 0x80) == 0)
		return false;
	if (n - zeros > HALF)
		return false;
	memset(out, 0, HALF);
	memcpy(out + HALF - (n - zeros), p + 2 + zeros, n - zeros);
	*der = str_sub(*der, 2 + n, der->n);
	return true;
}

/* Ecdsa-Sig-Value (RFC 3279, 2.2.3) as r and s one after the other (RFC 7518, 3.4). */
static bool
read_der(struct str der, unsigned char out[2 * HALF])
{
	if (der.n < 2 || der.p[0] != 0x30 || (unsigned char)der.p[1] > 0x7f ||
	    (unsigned char)der.p[1] != der.n - 2)
		return false;
	der = str_sub(der, 2, der.n);
	return cut_integer(&der, out) && cut_integer(&der, out + HALF) && der.n == 0;
}

static enum err
judge(enum jwt_refusal refusal, struct why *why)
{
	if (refusal == JWT_ACCEPTED)
		return ERR_OK;
	if (refusal == JWT_FAILED)
		return why_set(why, ERR_CRYPTO, "the signature could not be checked");
	return why_set(why, ERR_PERMISSION, "the signature is not the passkey's");
}

enum err
signature_check(struct jwk *key, struct str authenticator_data, struct str client_data,
		struct str signature, struct why *why)
{
	unsigned char hash[SHA256_SIZE], halves[2 * HALF];
	struct buf signed_bytes;
	enum err e = sha256(client_data, hash);

	if (e != ERR_OK)
		return why_set(why, e, "the hash of clientDataJSON cannot be computed");
	if (key->alg->family == ALG_ECDSA) {
		if (!read_der(signature, halves))
			return why_set(why, ERR_SYNTAX, "the signature is not in DER");
		signature = (struct str){ (char *)halves, sizeof(halves) };
	}
	buf_init(&signed_bytes, WEBAUTHN_JSON_MAX);
	if (!buf_add(&signed_bytes, authenticator_data) ||
	    !buf_add(&signed_bytes, (struct str){ (char *)hash, sizeof(hash) }))
		e = why_set(why, ERR_MEMORY, "no memory for a signature");
	else
		e = judge(jws_check(key, buf_str(&signed_bytes), signature), why);
	buf_done(&signed_bytes);
	return e;
}
