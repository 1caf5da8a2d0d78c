/* A key that is accepted is written as one that is accepted, with one thumbprint. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "jose/jwk/jwk.h"
#include "json/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum err
take(struct str text, enum jwk_default purpose, struct jwk *key)
{
	struct json_t *root;
	enum err e = json_parse(text, &json_usual, &root, NULL);

	*key = (struct jwk){ 0 };
	if (e == ERR_OK)
		e = jwk_parse(root, purpose, NULL, key, NULL);
	json_free(root);
	return e;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = { (const char *)data, size };
	struct jwk key, again;
	struct buf b;

	for (int purpose = JWK_FOR_SIGNATURES; purpose <= JWK_FOR_ENCRYPTION; purpose++) {
		buf_init(&b, JWK_MAX);
		if (take(text, (enum jwk_default)purpose, &key) == ERR_OK) {
			if (jwk_write(&key, JWK_WHOLE, &b) != ERR_OK ||
			    take(buf_str(&b), (enum jwk_default)purpose, &again) !=
				    ERR_OK ||
			    strcmp(key.thumbprint, again.thumbprint) != 0 ||
			    key.alg != again.alg ||
			    !str_eq(jwk_kid(&key), jwk_kid(&again)))
				abort();
			jwk_done(&again);
		}
		jwk_done(&key);
		buf_done(&b);
	}
	return 0;
}
