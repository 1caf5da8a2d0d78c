/* A claims set: what the policy lets pass has what the policy wants. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "jose/jwt/jwt.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define NOW 1700000000

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct jwt_policy policy = { .issuer = { "i", 1 },
						  .audience = { "a", 1 },
						  .typ = { "", 0 },
						  .leeway = 60 };
	struct claims c, again;

	claims_init(&c);
	claims_init(&again);
	if (buf_add(&c.payload, (struct str){ (const char *)data, size }) &&
	    jwt_judge(&policy, false, STR(""), NOW, &c) == JWT_ACCEPTED) {
		if (!str_is(c.iss, "i") || !claims_has_audience(&c, STR("a")) ||
		    c.sub.n == 0 || c.exp + 60 <= NOW || c.iat > NOW + 60)
			abort();
		claims_write(&c, &again.payload);
		if (!again.payload.failed &&
		    !(claims_parse(&again) && claims_take_ours(&again)))
			abort();
	}
	claims_done(&c);
	claims_done(&again);
	return 0;
}
