/*
 * A verified token and its bearer. An identity is a view of it. It belongs to the
 * guard, which fills the same one again and again, or to the guard's cache.
 */
#ifndef VERIFIED_H
#define VERIFIED_H

#include "base/buf.h"
#include "token/identity.h"

struct verified {
	struct identity who; /* a view of the other members */
	struct claims claims;
	struct str roles[CLAIMS_ROLES];   /* of another issuer's user */
	char id_bytes[IDENTITY_NAME_MAX]; /* likewise: NAME:sub */
	struct buf token;                 /* set by the cache */
};

struct verified *verified_new(void); /* NULL when memory is out */
void verified_free(struct verified *p);

/* Wipe it and keep its memory. */
void verified_clear(struct verified *p);

/* Bytes that grow with the size of the token. */
size_t verified_weight(const struct verified *p);

#endif
