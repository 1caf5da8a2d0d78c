/*
 * A verified token and whom it proves: what an identity is a view of. It is the
 * guard's, which fills the same one again and again, or its cache's.
 */
#ifndef PROVEN_H
#define PROVEN_H

#include "base/buf.h"
#include "token/identity.h"

struct proven {
	struct identity who; /* a view of the rest */
	struct claims claims;
	struct str roles[CLAIMS_ROLES];   /* of another issuer's user */
	char id_bytes[IDENTITY_NAME_MAX]; /* likewise: NAME:sub */
	struct buf token;                 /* set by the cache */
};

struct proven *proven_new(void); /* NULL when memory is out */
void proven_free(struct proven *p);

/* Wipe it and keep its memory. */
void proven_clear(struct proven *p);

/* Bytes that grow with the token. */
size_t proven_weight(const struct proven *p);

#endif
