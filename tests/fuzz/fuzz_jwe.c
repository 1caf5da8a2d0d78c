/* A JWE from outside, against keys of each kind. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "jose/jwe/jwe_decrypt.h"
#include "jose/jwt/jwt_unseal.h"

#define NOW 1800000000

static const char *const keys[] = {
	"{\"kty\":\"oct\",\"alg\":\"A128KW\",\"k\":\"GawgguFyGrWKav7AX4VKUg\"}",
	"{\"kty\":\"oct\",\"alg\":\"A128GCM\",\"k\":\"XctOhJAkA-pD9Lh7ZgW_2A\"}",
	"{\"kty\":\"oct\",\"alg\":\"A256GCMKW\","
	"\"k\":\"qC57l_uxcm7Nm3K-ct4GFjx8tM1U8CZ0NLBvdQstiS8\"}",
	"{\"kty\":\"EC\",\"use\":\"enc\",\"crv\":\"P-256\","
	"\"x\":\"Ze2loSV3wrroKUN_4zhwGhCqo3Xhu1td4QjeQ5wIVR0\","
	"\"y\":\"HlLtdXARY_f55A3fnzQbPcm6hgr34Mp8p-nuzQCE0Zw\","
	"\"d\":\"r_kHyZ-a06rmxM3yESK84r1otSg-aQcVStkRhA-iCM8\"}",
	"{\"kty\":\"OKP\",\"use\":\"enc\",\"crv\":\"X25519\","
	"\"x\":\"3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08\","
	"\"d\":\"XasIfmJKikt54X-Lg4AO5m87sSkmGLb9HC-LJ_-I4Os\"}",
};

#define KEYS (sizeof(keys) / sizeof(*keys))

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct keyset *
sets(void)
{
	static struct keyset loaded[KEYS];
	static bool ready;

	for (size_t i = 0; i < KEYS && !ready; i++)
		if (keyset_parse(str_of(keys[i]), KEYSET_DECRYPT, &loaded[i], NULL) !=
		    ERR_OK)
			abort();
	ready = true;
	return loaded;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str token = { (const char *)data, size };

	for (size_t i = 0; i < KEYS; i++) {
		enum jwt_refusal refusal;
		struct header h;
		struct buf out;

		buf_init(&out, JWE_MAX);
		if (jwe_decrypt(&sets()[i], token, NOW, &h, &out, &refusal) !=
			    VERDICT_ALLOW &&
		    out.n > 0)
			abort();
		header_done(&h);
		buf_done(&out);
		buf_init(&out, JWT_MAX);
		jwt_unseal(&sets()[i], token, NOW, &out, &refusal);
		buf_done(&out);
	}
	return 0;
}
