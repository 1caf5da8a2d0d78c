/*
 * A verified token and whom it proves: what an identity is a view of. It is the
 * guard's, which fills the same one again and again, or its cache's.
 */
#ifndef VERIFIED_H
#define VERIFIED_H

#include "base/buf.h"
#include "token/identity.h"

struct verified {
	struct identity who; /* a view of the rest */
	struct claims claims;
	struct str roles[CLAIMS_ROLES];   /* of another issuer's user */
	char id_bytes[IDENTITY_NAME_MAX]; /* likewise: NAME:sub */
	struct buf token;                 /* set by the cache */
};

struct verified *verified_new(void); /* NULL when memory is out */
void verified_free(struct verified *p);

/* Wipe it and keep its memory. */
void verified_clear(struct verified *p);

/* Bytes that grow with the token. */
size_t verified_weight(const struct verified *p);

#endif
