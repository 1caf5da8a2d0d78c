/* A JOSE header as JSON, read as that of a JWS and of a JWE. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/base64url.h"
#include "jose/header.h"
#include "json/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
parse(struct str encoded, enum alg_use use)
{
	struct header h;

	if (header_parse(encoded, use, &h) == JWT_ACCEPTED) {
		if (h.alg == NULL || h.alg->use != use || json_has(h.json, "crit") ||
		    json_has(h.json, "zip") || json_has(h.json, "jwk"))
			abort();
		if (use == ALG_ENCRYPT && h.enc == NULL)
			abort();
	}
	header_done(&h);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf encoded;

	buf_init(&encoded, 2 * size + 4);
	if (!base64url_encode(&encoded, (struct str){ (const char *)data, size }))
		abort();
	parse(buf_str(&encoded), ALG_SIGN);
	parse(buf_str(&encoded), ALG_ENCRYPT);
	buf_done(&encoded);
	return 0;
}
