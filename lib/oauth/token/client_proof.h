/*
 * How a client proves who it is where it asks without a browser (RFC 6749, 2.3.1): by
 * Basic, whose two parts are encoded as in a form; by fields of the form; or, without a
 * secret, by its client_id alone. The statement that follows decides whether it is so.
 */
#ifndef CLIENT_PROOF_H
#define CLIENT_PROOF_H

#include "crypto/hash.h"
#include "http/form.h"
#include "http/request.h"
#include "store/oauth/oauth_tokens.h"

enum client_shown {
	CLIENT_SHOWN_NONE = 0, /* nothing that can be read */
	CLIENT_SHOWN_TWICE,    /* by two methods, or two clients */
	CLIENT_SHOWN
};

/* What was shown. client_proof_done wipes it. */
struct client_proof {
	struct oauth_proof proof; /* without its origin */
	struct form id, secret;   /* the parts of Basic */
	unsigned char hash[SHA256_SIZE];
};

/*
 * Read what `req` and its `form` show. A field without a value counts as absent (RFC
 * 6749, 3.2). ERR_CRYPTO: the secret could not be hashed. Call client_proof_done after
 * any return.
 */
enum err client_proof_read(const struct request *req, const struct form *form,
			   struct client_proof *p, enum client_shown *shown);
void client_proof_done(struct client_proof *p);

#endif
