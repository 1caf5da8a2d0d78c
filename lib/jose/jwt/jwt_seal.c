#include "jose/jwt/jwt_seal.h"
#include "jose/jwe/jwe_encrypt.h"

enum err
jwt_seal(struct jwk *key, struct str token, struct buf *out)
{
	size_t before = out->n;
	enum err e = jwe_encrypt(key, NULL, NULL, "JWT", token, out);

	if (e == ERR_OK && out->n - before > JWT_MAX) {
		out->n = before;
		return ERR_LIMIT;
	}
	return e;
}
