/*
 * Challenges for passkeys (WebAuthn Level 3, 13.4.3). Nothing is stored when one is
 * given out: it consists of a nonce, the time, and their MAC under the session secret
 * (ticket/ticket.h), bound to the browser. When a passkey has answered it, the nonce
 * is stored as long as the challenge would be good (challenges_used in the database).
 */
#ifndef CHALLENGE_H
#define CHALLENGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/base64url.h"
#include "base/err.h"
#include "base/str.h"
#include "ticket/ticket.h"

#define CHALLENGE_NONCE 16
#define CHALLENGE_BYTES (CHALLENGE_NONCE + 8 + TICKET_MAC)
#define CHALLENGE_SIZE (BASE64URL_LENGTH(CHALLENGE_BYTES) + 1) /* of the text, with NUL */
#define CHALLENGE_LIFE TICKET_CHALLENGE_LIFE                   /* seconds */
#define CHALLENGE_BINDING_MIN 16 /* bytes; less could be guessed */

/*
 * A new challenge for the browser with the form cookie `binding`, in base64url.
 * ERR_CRYPTO also for a binding or a secret that is too short.
 */
enum err challenge_issue(struct str secret, struct str binding, int64_t now,
			 char text[CHALLENGE_SIZE]);

/* One that is good. All zero otherwise. */
struct challenge {
	unsigned char bytes[CHALLENGE_BYTES]; /* as the browser got them */
	int64_t until;                        /* it is not good any more after this */
};

/* What is stored of a used one: the first CHALLENGE_NONCE bytes. */
struct str challenge_nonce(const struct challenge *c);
struct str challenge_bytes(const struct challenge *c);

/*
 * `*good`: challenge_issue made `text` for this binding, at most CHALLENGE_LIFE ago.
 */
enum err challenge_check(struct str secret, struct str binding, int64_t now,
			 struct str text, struct challenge *c, bool *good);

/*
 * The challenge in a RegistrationResponseJSON or an AuthenticationResponseJSON, as its
 * clientDataJSON has it. Nothing is verified here. False if it cannot be found.
 */
bool challenge_of_response(struct str json, char text[CHALLENGE_SIZE]);

#endif
