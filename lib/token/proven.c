#include "token/proven.h"

#include <stdlib.h>

#include "jose/jwt/jwt.h"

struct proven *
proven_new(void)
{
	struct proven *p = calloc(1, sizeof(*p));

	if (p == NULL)
		return NULL;
	identity_init(&p->who);
	claims_init(&p->claims);
	buf_init(&p->token, JWT_MAX);
	return p;
}

void
proven_free(struct proven *p)
{
	if (p == NULL)
		return;
	claims_done(&p->claims);
	buf_done(&p->token);
	free(p);
}

void
proven_clear(struct proven *p)
{
	identity_done(&p->who);
	claims_clear(&p->claims);
	buf_clear(&p->token);
}

size_t
proven_weight(const struct proven *p)
{
	return p->token.size + p->claims.payload.size + p->claims.text.size;
}
