/*
 * Proof Key for Code Exchange (RFC 7636), of which only the method S256 exists here.
 */
#ifndef PKCE_H
#define PKCE_H

#include <stdbool.h>

#include "base/err.h"
#include "base/str.h"

#define PKCE_CHALLENGE 43 /* bytes: base64url of a SHA-256 */

/* True for 43 characters that are the base64url of 32 bytes. */
bool pkce_challenge_is_valid(struct str challenge);

/* True for 43 to 128 unreserved characters (RFC 7636, 4.1). */
bool pkce_verifier_is_valid(struct str verifier);

/* The challenge of a verifier, with a NUL at its end (RFC 7636, 4.2). */
enum err pkce_make(struct str verifier, char challenge[PKCE_CHALLENGE + 1]);

#endif
