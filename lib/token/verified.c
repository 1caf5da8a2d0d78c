#include "token/verified.h"

#include <stdlib.h>

#include "jose/jwt/jwt.h"

struct verified *
verified_new(void)
{
	struct verified *p = calloc(1, sizeof(*p));

	if (p == NULL)
		return NULL;
	identity_init(&p->who);
	claims_init(&p->claims);
	buf_init(&p->token, JWT_MAX);
	return p;
}

void
verified_free(struct verified *p)
{
	if (p == NULL)
		return;
	claims_done(&p->claims);
	buf_done(&p->token);
	free(p);
}

void
verified_clear(struct verified *p)
{
	identity_done(&p->who);
	claims_clear(&p->claims);
	buf_clear(&p->token);
}

size_t
verified_weight(const struct verified *p)
{
	return p->token.size + p->claims.payload.size + p->claims.text.size;
}
