#include "jose/jws/jws_sign.h"
#include "jose/jwt/jwt.h"

enum err
jwt_issue_up_to(size_t max, struct jwk *key, const char *typ, const struct claims *c,
		struct buf *out)
{
	struct buf payload;
	size_t from = out->n;
	enum err e;

	buf_init(&payload, max);
	claims_write(c, &payload);
	e = payload.failed ? ERR_LIMIT : jws_sign(key, typ, buf_str(&payload), out);
	if (e == ERR_OK && out->n - from > max) {
		out->p[out->n = from] = '\0';
		e = ERR_LIMIT;
	}
	buf_done(&payload);
	return e;
}

enum err
jwt_issue(struct jwk *key, const char *typ, const struct claims *c, struct buf *out)
{
	return jwt_issue_up_to(JWT_ISSUED_MAX, key, typ, c, out);
}
