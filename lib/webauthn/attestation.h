/*
 * The attestation object of a new passkey (WebAuthn Level 3, 6.5.4).
 */
#ifndef ATTESTATION_H
#define ATTESTATION_H

#include "base/err.h"
#include "base/str.h"

/* Borrowed from the bytes that were read. */
struct attestation {
	struct str format; /* 1 to 32 printable characters, without " and \ (8.1) */
	struct str authenticator_data;
};

/*
 * Read a map with fmt, attStmt and authData, in any order; other members are ignored.
 * ERR_SYNTAX or ERR_LIMIT: one is missing, has a wrong type or form, or something follows
 * the map; or the format is `none` and has a statement (8.7).
 */
enum err attestation_read(struct str bytes, struct attestation *a, struct why *why);

#endif
