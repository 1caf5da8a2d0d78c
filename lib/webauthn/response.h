/*
 * What a browser makes of a PublicKeyCredential (WebAuthn Level 3, 5.1): the members that
 * RegistrationResponseJSON and AuthenticationResponseJSON share, and their base64url.
 * Members that we do not know are ignored.
 */
#ifndef RESPONSE_H
#define RESPONSE_H

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

struct json_t;

/* The whole JSON, and its member `response`. */
struct response {
	struct json_t *root;
	const struct json_t *inner;
};

/*
 * Read the JSON and its members id, rawId and type. `id` gets the credential id, 1 to
 * WEBAUTHN_ID_MAX bytes. ERR_SYNTAX or ERR_LIMIT: malformed. Call response_close after any
 * return.
 */
enum err response_open(struct str json, struct response *r, struct buf *id,
		       struct why *why);
void response_close(struct response *r);

/*
 * Append the bytes of a member of `response`, which must be a string of base64url. `out`
 * must have room for WEBAUTHN_JSON_MAX bytes.
 * response_take_optional also accepts a member that is missing or null.
 */
enum err response_take(const struct response *r, const char *name, struct buf *out,
		       struct why *why);
enum err response_take_optional(const struct response *r, const char *name,
				struct buf *out, struct why *why);

#endif
