/*
 * The signature of an assertion (WebAuthn Level 3, 6.5.5 and 7.2, steps 20 and 21).
 */
#ifndef SIGNATURE_H
#define SIGNATURE_H

#include "base/err.h"
#include "base/str.h"
#include "jose/jwk/jwk.h"

/*
 * Is it the key's signature of the authenticator data and the hash of the client data?
 * ERR_SYNTAX: of ECDSA, it is not in DER. ERR_PERMISSION: it is not the key's. Other
 * errors: it could not be checked.
 */
enum err signature_check(struct jwk *key, struct str authenticator_data,
			 struct str client_data, struct str signature, struct why *why);

#endif
