/*
 * One-time codes of an app (RFC 6238): HMAC-SHA-1, six digits, a new code each 30
 * seconds, which is what every app can do.
 */
#ifndef TOTP_H
#define TOTP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

#define TOTP_SECRET 20 /* bytes of a secret (RFC 4226, 4, R6) */
#define TOTP_DIGITS 6
#define TOTP_SECONDS 30 /* of a step */
#define TOTP_WINDOW 1   /* steps before and after the present one that are accepted */
#define TOTP_TYPED_MAX 32

/* A new secret. The caller wipes it. */
enum err totp_new(unsigned char secret[TOTP_SECRET]);

/*
 * The digits of a code that a person has typed, without the blanks and hyphens between
 * them. False if it is not a code: then there is nothing to check.
 */
bool totp_read(struct str typed, char code[TOTP_DIGITS + 1]);

/*
 * `*step`: the step whose code this is, at most `window` steps away from `now`. 0 if it
 * is the code of none of them. A step is at least 1. The caller must not accept a step
 * twice, and none before the last one. The time taken does not depend on the code.
 */
enum err totp_check(struct str secret, const char code[TOTP_DIGITS + 1], int64_t now,
		    int64_t window, int64_t *step);

/* Append the secret in base 32, in groups of four, to be copied by hand. */
bool totp_text(struct buf *out, struct str secret);

/*
 * Append the otpauth: URI (Key URI Format) that the QR code contains. A colon in `issuer`
 * becomes a blank, because it ends there.
 */
bool totp_uri(struct buf *out, struct str issuer, struct str account, struct str secret);

#endif
