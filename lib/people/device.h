/*
 * Device secrets: "this browser or client has logged in before". A secret opens
 * nothing. Tries that come with it are counted separately, so that guesses by a
 * stranger do not use up the owner's tries.
 *
 * It is a ticket (ticket/ticket.h) of the user's id, the user's device version, the time
 * and a nonce, sealed under the session secret. It is good as long as the user has that
 * version in the database, it is not older than DEVICE_LIFE, and the session secret is
 * the same.
 */
#ifndef DEVICE_H
#define DEVICE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "crypto/hash.h"
#include "store/sessions.h"
#include "ticket/ticket.h"

#define DEVICE_SIZE TICKET_SIZE
#define DEVICE_LIFE TICKET_DEVICE_LIFE /* seconds; browsers keep no cookie for longer */
#define DEVICE_NONCE 16

/* What a secret says. */
struct device {
	char user[UUID_SIZE];
	int64_t version; /* users.device_version, 1 to INT32_MAX */
	int64_t made_at;
	unsigned char nonce[DEVICE_NONCE];
};

/* A nonce for a device that has none yet. */
enum err device_new(struct device *d);

/* Write the secret of `d`. ERR_SYNTAX when its user or version cannot be one. */
enum err device_issue(struct str secret, const struct device *d, char text[DEVICE_SIZE]);

/*
 * `*good`: device_issue made `text` under `secret`, at most DEVICE_LIFE ago and not
 * more than a day ahead of `now`. `d` is then filled in, and otherwise zero. The
 * database decides whether user and version are right. ERR_CRYPTO and ERR_MEMORY: it
 * could not be checked.
 */
enum err device_read(struct str secret, struct str text, int64_t now, struct device *d,
		     bool *good);

/* The user who is expected. */
struct device_owner {
	struct str user;
	int64_t version; /* users.device_version as it is now */
};

/* As device_read. `*known`: it is one of this owner's, and still good. */
enum err device_read_of(struct str secret, struct str text, int64_t now,
			const struct device_owner *owner, struct device *d, bool *known);

/* The hash by which the database knows the device: SHA-256 of the nonce. */
enum err device_hash(const struct device *d, unsigned char hash[SHA256_SIZE]);

#endif
