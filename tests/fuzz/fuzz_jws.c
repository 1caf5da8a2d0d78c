/* A token from outside: nothing but the ones we know may verify. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "../support/vectors.h"
#include "jose/jws/jws_verify.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct {
	const char *jwk, *token;
} known[] = {
	{ "{\"kty\":\"oct\",\"alg\":\"HS256\",\"k\":\"" RFC7515_A1_K "\"}", RFC7515_A1 },
	{ "{\"kty\":\"RSA\",\"alg\":\"RS256\",\"e\":\"AQAB\",\"n\":\"" RFC7515_A2_N "\"}",
	  RFC7515_A2 },
	{ "{\"kty\":\"RSA\",\"alg\":\"PS384\",\"kid\":\"" RFC7520_KID
	  "\",\"e\":\"AQAB\",\"n\":\"" RFC7520_N "\"}",
	  RFC7520_42 },
	{ "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" RFC7515_A3_X
	  "\",\"y\":\"" RFC7515_A3_Y "\"}",
	  RFC7515_A3 },
	{ "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" RFC8037_X "\"}", RFC8037_A4 },
};

#define KNOWN (sizeof(known) / sizeof(*known))

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct keyset sets[KNOWN];
	struct str token = { (const char *)data, size };

	for (size_t i = 0; i < KNOWN; i++) {
		struct buf payload;
		struct header h;
		enum jwt_refusal r;

		if (sets[i].n == 0 && keyset_parse(str_of(known[i].jwk), KEYSET_VERIFY,
						   &sets[i], NULL) != ERR_OK)
			abort();
		buf_init(&payload, JWS_MAX);
		if (jws_verify(&sets[i], token, 1, &h, &payload, &r) == VERDICT_ALLOW) {
			if (!str_is(token, known[i].token))
				abort();
		} else if (payload.n != 0 || r == JWT_ACCEPTED) {
			abort();
		}
		header_done(&h);
		buf_done(&payload);
	}
	return 0;
}
