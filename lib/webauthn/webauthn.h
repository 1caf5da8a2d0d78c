/*
 * Passkeys: what a relying party checks (WebAuthn Level 3, sections 7.1 and 7.2).
 *
 * No HTTP and no database: the caller keeps challenges and credentials. The steps that are
 * the caller's: a challenge is good once and for one browser; a credential id belongs to
 * one user only; the new counter and BS are stored.
 *
 * Attestation is not verified. The statement of any format is parsed as CBOR and ignored,
 * and format `none` must have an empty one. Nothing that it says about the make of an
 * authenticator is trusted.
 */
#ifndef WEBAUTHN_H
#define WEBAUTHN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "jose/jwk/jwk.h"

#define WEBAUTHN_JSON_MAX 65536 /* bytes of what a browser sends */
#define WEBAUTHN_ID_MAX 1023    /* bytes of a credential id (4, Credential ID) */
#define WEBAUTHN_HANDLE_MAX 64  /* bytes of a user handle (4, User Handle) */
#define WEBAUTHN_FORMAT_MAX 32  /* bytes of the name of a format (8.1) */
#define WEBAUTHN_TRANSPORTS_MAX 8
#define WEBAUTHN_TRANSPORT_MAX 16 /* bytes of one: "smart-card" is the longest today */

/* What we demand of every ceremony. */
struct webauthn_policy {
	struct str rp_id;
	const struct str *origins; /* compared byte for byte */
	size_t n_origins;
	const struct str *top_origins; /* none: no frame of another origin */
	size_t n_top_origins;
	bool user_verification; /* the flag UV must be set */
};

enum webauthn_verdict {
	WEBAUTHN_REFUSED = 0,
	WEBAUTHN_UNSUPPORTED, /* all is well, but the key's algorithm is not offered */
	WEBAUTHN_COUNTER,     /* all is well, but the counter did not grow: a copy? */
	WEBAUTHN_GOOD
};

/* Of authenticator data (6.1). */
struct webauthn_flags {
	bool up; /* user present */
	bool uv; /* user verified */
	bool be; /* backup eligible: the passkey may be synced */
	bool bs; /* backed up now */
};

/*
 * The algorithms that are offered, as COSE numbers, the preferred one first, for
 * pubKeyCredParams: -8 (EdDSA with Ed25519), -7 (ES256), -257 (RS256). 0 past the end.
 */
int webauthn_alg(size_t i);

/*
 * Read the public key of a passkey from a JWK, as webauthn_registration has it. An RSA key
 * without alg has RS256. ERR_SYNTAX: no such key, or a private one; ERR_UNSUPPORTED: its
 * algorithm is not offered. Call jwk_done after any return.
 */
enum err webauthn_read_key(struct str jwk, struct jwk *key, struct why *why);

/* A new passkey. */
struct webauthn_registration {
	struct buf credential_id;
	struct jwk key; /* public; webauthn_write_key gives its JWK */
	uint32_t counter;
	struct webauthn_flags flags;
	char format[WEBAUTHN_FORMAT_MAX + 1]; /* fmt of the attestation */
	/* As the browser names them, each of a-z, 0-9 and -; others are left out. */
	char transports[WEBAUTHN_TRANSPORTS_MAX][WEBAUTHN_TRANSPORT_MAX + 1];
	size_t n_transports;
};

/*
 * Check a RegistrationResponseJSON. `challenge` is the bytes that the browser got. On
 * WEBAUTHN_GOOD, and only then, `r` is filled in. On every other verdict `why` names the
 * step that failed, without secrets. An error (not ERR_OK) is no verdict: no memory, or
 * OpenSSL failed. Call webauthn_registration_done after any return.
 */
enum err webauthn_register(const struct webauthn_policy *policy, struct str challenge,
			   struct str json, struct webauthn_registration *r,
			   enum webauthn_verdict *verdict, struct why *why);
void webauthn_registration_done(struct webauthn_registration *r);

/* Append the key as a JWK. */
enum err webauthn_write_key(const struct jwk *key, struct buf *out);

/* The answer of a passkey. */
struct webauthn_assertion {
	struct buf credential_id; /* nothing is proven before webauthn_authenticate */
	struct buf user_handle;   /* empty: the answer has none */
	struct buf client_data, authenticator_data, signature;

	uint32_t counter; /* these are set by webauthn_authenticate */
	struct webauthn_flags flags;
};

/*
 * Read an AuthenticationResponseJSON, to find out which credential it names. `*readable`
 * false: it is malformed; see `why`. Call webauthn_assertion_done after any return.
 */
enum err webauthn_read_assertion(struct str json, struct webauthn_assertion *a,
				 bool *readable, struct why *why);
void webauthn_assertion_done(struct webauthn_assertion *a);

/* What is known of the credential that an assertion names. */
struct webauthn_known {
	struct jwk *key;
	uint32_t counter;     /* as stored */
	bool backup_said;     /* backup_eligible is known */
	bool backup_eligible; /* as it was when the passkey was made: it never changes */
	struct str user_handle;    /* of its user; empty: not known */
	bool user_handle_wanted;   /* the answer must have one: nobody was named before */
	const struct str *allowed; /* credential ids that were asked for; none: any */
	size_t n_allowed;
};

/*
 * Check an assertion that webauthn_read_assertion has read. Verdicts, errors and `why` are
 * as for webauthn_register; a->counter and a->flags are set only on WEBAUTHN_GOOD and
 * WEBAUTHN_COUNTER. The signature is checked before the counter, so WEBAUTHN_COUNTER
 * means that the passkey itself has answered, or a copy of it.
 */
enum err webauthn_authenticate(const struct webauthn_policy *policy, struct str challenge,
			       const struct webauthn_known *known,
			       struct webauthn_assertion *a,
			       enum webauthn_verdict *verdict, struct why *why);

#endif
