/*
 * How strongly a login was proved. An access token says it in two claims (RFC 9068, 2.2.1):
 * `amr` lists the proofs (RFC 8176), and `acr` is the class that follows from them:
 *
 *   1fa   one factor, as a rule the password
 *   2fa   two factors: a password and one more
 *   phr   a passkey, which a phishing site cannot use ("phishing-resistant")
 *
 * A higher class satisfies whoever asks for a lower one.
 */
#ifndef ACR_H
#define ACR_H

#include "base/str.h"

enum acr {
	ACR_NONE = 0, /* not said, or a class that we do not know */
	ACR_1FA,
	ACR_2FA,
	ACR_PHR
};

/*
 * The class of a login with these proofs: words of RFC 8176, separated by one space.
 * `hwk` and `swk` are a passkey, `mfa` says that there were two factors. A login always
 * has a class, so an empty list is ACR_1FA.
 */
enum acr acr_of_amr(struct str amr);

/* The class that `text` names. ACR_NONE for any other text. */
enum acr acr_find(struct str text);

/* The name of a class. A static string; empty for ACR_NONE. */
const char *acr_text(enum acr acr);

#endif
