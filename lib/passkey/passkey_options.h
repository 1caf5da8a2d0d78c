/*
 * What a browser is asked, as JSON (WebAuthn Level 3, 5.1:
 * PublicKeyCredentialRequestOptionsJSON and PublicKeyCredentialCreationOptionsJSON).
 */
#ifndef PASSKEY_OPTIONS_H
#define PASSKEY_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/str.h"

/* A passkey of the user, by which a browser finds it again. */
struct passkey_ref {
	struct str id; /* bytes of the credential id */
	const struct str *transports;
	size_t n_transports;
};

struct passkey_request {
	struct str rp_id, challenge;       /* the challenge as text */
	const struct passkey_ref *allowed; /* none: any passkey that names its user */
	size_t n_allowed;
};

/*
 * To sign in. Without `allowed` nobody is known yet, and the passkey must verify its
 * user. With `allowed` the password was right before, and a key without PIN is enough.
 */
void passkey_put_request(struct buf *out, const struct passkey_request *request);

struct passkey_creation {
	struct str rp_id, site_name, challenge;
	struct str user_id; /* a UUID; its 16 bytes become the user handle */
	struct str name, display_name;
	const struct passkey_ref *known; /* these are not made a second time */
	size_t n_known;
	bool alone; /* there is no password: it must verify its user and name them */
};

/* To make one. False: user_id is no UUID, and nothing is appended. */
bool passkey_put_creation(struct buf *out, const struct passkey_creation *creation);

#endif
