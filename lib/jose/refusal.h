/*
 * Why a token was refused. For logs, for the operator's command and for choosing an
 * answer. A client is only told "invalid_token".
 */
#ifndef REFUSAL_H
#define REFUSAL_H

enum jwt_refusal {
	JWT_REFUSED = 0, /* nothing was decided */
	JWT_ACCEPTED,
	JWT_FAILED, /* no memory, or OpenSSL failed: answer 503, not 401 */
	JWT_TOO_LONG,
	JWT_MALFORMED,   /* not the compact form: parts, base64url, JSON */
	JWT_HEADER,      /* a header parameter that is refused or has the wrong type */
	JWT_UNSUPPORTED, /* valid form, but an algorithm that is not supported */
	JWT_NO_KEY,      /* no such kid; or no kid, and not exactly one key */
	JWT_ALGORITHM,   /* not the algorithm of the key */
	JWT_SIGNATURE,
	JWT_DECRYPTION, /* wrong key, tag or padding; nothing shows which */
	JWT_TYPE,       /* typ is not as the policy demands */
	JWT_CLAIMS,     /* no claims set: bad JSON, a missing claim, a wrong type */
	JWT_ISSUER,
	JWT_AUDIENCE,
	JWT_EXPIRED,
	JWT_NOT_YET, /* nbf or iat is in the future */
	JWT_REVOKED  /* its session has ended */
};

/* A short English phrase. A static string. */
const char *refusal_text(enum jwt_refusal refusal);

#endif
