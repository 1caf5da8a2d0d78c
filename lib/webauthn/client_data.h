/*
 * What a browser says about a ceremony (WebAuthn Level 3, 5.8.1): clientDataJSON.
 *
 * Read as strict JSON (see json/json.h); a byte order mark before it is ignored, as 7.1,
 * step 5 demands. Members that we do not know are ignored: browsers add some.
 */
#ifndef CLIENT_DATA_H
#define CLIENT_DATA_H

#include "base/err.h"
#include "base/str.h"
#include "webauthn/webauthn.h"

/*
 * Check type, challenge, origin, crossOrigin and topOrigin (7.1, steps 7 to 11; 7.2,
 * steps 10 to 14). `type` is webauthn.create or webauthn.get, `challenge` the bytes that
 * were given to the browser. ERR_SYNTAX or ERR_LIMIT: malformed. ERR_PERMISSION: the
 * policy refuses it.
 */
enum err client_data_check(struct str json, const char *type, struct str challenge,
			   const struct webauthn_policy *policy, struct why *why);

#endif
