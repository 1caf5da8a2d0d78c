/*
 * Tokens for programs: access tokens that a person, or the operator for a person, gives
 * to a script. Such a token says whose it is and with which of the owner's roles, and
 * perhaps below which path of the site it is good (RFC 8707).
 */
#ifndef PROGRAM_TOKEN_H
#define PROGRAM_TOKEN_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "token/program_prefix.h"
#include "token/token.h"

#define PROGRAM_SID_SIZE 37    /* a UUID with its NUL */
#define PROGRAM_LABEL_MAX 400  /* bytes of the owner's name for it */
#define PROGRAM_TOKENS_MAX 100 /* of one user; as in sql/functions/programs.sql */

/* A new random sid: a UUID of version 4 (RFC 9562, 5.4). */
enum err program_token_sid(char sid[PROGRAM_SID_SIZE]);

/* What a token says. All borrowed. */
struct program_token {
	struct str sid;
	struct str subject; /* the owner's id */
	struct str name;    /* the owner's name */
	const struct str *roles;
	size_t n_roles;
	struct str site;   /* public_url */
	struct str prefix; /* as program_prefix_read gives it; empty: the whole site */
};

/*
 * Append a signed token with what `t` says, added to the claims of `c`. `c`, `jti` and
 * the result are as in token_sign; with a prefix the audience is `site` and the prefix,
 * and `c` borrows it from `audience`.
 */
enum err program_token_sign(struct signer *s, const struct program_token *t,
			    struct claims *c, int64_t now, int64_t life, struct buf *jti,
			    struct buf *audience, struct buf *out, struct why *why);

#endif
