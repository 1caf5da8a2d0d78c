/*
 * The compact form and its JOSE header, which JWS and JWE share (RFC 7515, 4 and 7.1;
 * RFC 7516, 4 and 7.1).
 */
#ifndef HEADER_H
#define HEADER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/str.h"
#include "jose/alg.h"
#include "jose/refusal.h"

#define HEADER_MAX 2048 /* bytes, decoded */

/* Cut at the dots. False unless there are exactly `n` parts (some may be empty). */
bool compact_split(struct str token, struct str *parts, size_t n);

/* The number of parts: 3 is a JWS, 5 a JWE. */
size_t compact_parts(struct str token);

struct json_t;

/* A header that was read. The strings are borrowed from `json`. */
struct header {
	struct json_t *json;
	const struct alg *alg; /* supported, and of the expected kind */
	const struct alg *enc; /* JWE only */
	bool has_kid, has_typ, has_cty;
	struct str kid, typ, cty;
};

/*
 * Decode and parse a header part. Refused: anything other than the canonical base64url
 * of a strict JSON object (see json.h); `crit`, `b64`, `jwk`, `jku`, `x5u`, `x5c` and
 * `zip`, whatever their value; a missing `alg` (or `enc` in a JWE); members of the
 * wrong type. JWT_UNSUPPORTED if `alg` or `enc` is not supported for that use; `none`
 * is such a case. Other parameters are ignored, as RFC 7515, 4 demands. JWT_ACCEPTED
 * if it is good. Call header_done after any return.
 */
enum jwt_refusal header_parse(struct str encoded, enum alg_use use, struct header *h);

/* Free what a header holds. */
void header_done(struct header *h);

/*
 * A header that was parsed before, with the result. All tokens that an issuer signs
 * with one key have the same header. Parsing it costs 14,000 instructions (measured),
 * which is a quarter of the work for HS256.
 */
#define HEADER_MEMO_MAX 256

struct header_memo {
	char encoded[HEADER_MEMO_MAX];
	size_t n;             /* 0: nothing */
	struct header header; /* the result, without its json */
	struct buf text;      /* the text that its strings borrow from */
};

/*
 * True if `encoded` is the remembered header. `h` is then as after header_parse, but
 * it borrows from the memo and has no json. A memo of NULL remembers nothing.
 */
bool header_recall(const struct header_memo *memo, struct str encoded, struct header *h);
/*
 * Remember this header instead of the last one. A header that is too long is not
 * remembered.
 */
void header_remember(struct header_memo *memo, struct str encoded,
		     const struct header *h);
void header_forget(struct header_memo *memo);

#endif
