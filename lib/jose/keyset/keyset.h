/*
 * Key sets. A set is one file (a JWK, or a JWKS as in RFC 7517, 5), or a directory
 * whose *.jwk and *.json files are JWKs or JWKSs. Files whose name starts with a dot
 * are ignored, so that a new file can be written in the directory and renamed.
 *
 * A set is refused as a whole for any of these reasons:
 *
 *   - One key is malformed or weak.
 *   - Two keys have the same kid.
 *   - It mixes secret (oct) keys and public-key keys. In such a set, an RSA public key
 *     could be used as an HMAC secret.
 *   - It mixes private and public-only keys, because such a file ends up published.
 *     Exception: public keys with an exp, which remain of keys that no longer sign.
 *   - A file with secrets can be read by everybody, or written by its group or
 *     everybody.
 *   - A file or directory can be written by everybody.
 *   - There is no usable key.
 *
 * After these checks, keys of unknown type, curve or algorithm are ignored, and so are
 * keys for another purpose (`use`, `key_ops`).
 *
 * The caller must say what the set is for when it loads it:
 */
#ifndef KEYSET_H
#define KEYSET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "base/watch.h"
#include "jose/header.h"
#include "jose/jwk/jwk.h"

enum keyset_purpose {
	/*
	 * For programs that check tokens. Asymmetric private keys are refused: such a
	 * program would hold, without need, a key that can issue tokens. Give it the
	 * published set. (With HS256 there is no choice, because everybody uses the
	 * secret.)
	 */
	KEYSET_VERIFY,
	/* For the operator's command, which may use the private file. */
	KEYSET_VERIFY_ANY,
	/* At least one key has its private part or is oct. The others verify. */
	KEYSET_SIGN,
	KEYSET_ENCRYPT, /* public, private or oct */
	KEYSET_DECRYPT, /* private or oct */
	/* Every valid key, for listing, rotating and publishing. */
	KEYSET_MANAGE
};

#define KEYSET_BYTES (1024 * 1024) /* of one file */
#define KEYSET_KEYS 2000           /* in all */

/*
 * All keys of a set are of one kind, except public keys with an exp among private
 * ones.
 */
enum keyset_kind {
	KEYS_NONE = 0,
	KEYS_PUBLIC,
	KEYS_PRIVATE,
	KEYS_SECRET /* oct */
};

struct keyset {
	const struct alg *unnamed; /* for keys that name no algorithm; NULL: see
				    * jwk_parse */
	struct jwk *keys;          /* sorted by kid */
	size_t n;
	size_t size;              /* allocated number of keys */
	size_t total;             /* n plus the ignored keys */
	enum keyset_kind kind;    /* includes the ignored keys */
	bool endless;             /* there is a public key without an exp */
	unsigned char digest[32]; /* digest of everything that was read */
	struct header_memo *memo; /* header of the last good token */
};

/* All return a set that keyset_done frees, also on an error (it is empty then). */
enum err keyset_load(const char *path, enum keyset_purpose purpose, struct keyset *set,
		     struct why *why);
enum err keyset_parse(struct str json, enum keyset_purpose purpose, struct keyset *set,
		      struct why *why);
void keyset_done(struct keyset *set);

/*
 * As above, for the keys of an issuer that publishes them without `alg`: they are
 * taken as keys of `unnamed`, and those that cannot be are ignored. NULL: as above.
 */
enum err keyset_load_as(const char *path, enum keyset_purpose purpose,
			const struct alg *unnamed, struct keyset *set, struct why *why);
enum err keyset_parse_as(struct str json, enum keyset_purpose purpose,
			 const struct alg *unnamed, struct keyset *set, struct why *why);

/* True if the set contains anything that must not be published. */
bool keyset_is_secret(const struct keyset *set);

/*
 * Find the key that a token's header names, for use at `now`. A key whose `exp` has
 * come is not found. Without a kid (has_kid false), the result is the key of a set
 * that has only one (ignored keys count). If the only key has no kid, it is found for
 * any kid.
 */
struct jwk *keyset_find(const struct keyset *set, bool has_kid, struct str kid,
			int64_t now);

#define KEYSET_USUAL_ALG "ES256"

/*
 * The life of a signing key. Members of its file decide:
 *
 *   now <  nbf         waiting: published, does not sign yet
 *   nbf <= now < exp   signs, unless a later key does
 *   exp <= now         over: it does not verify any more
 *
 * All this is per algorithm: a set may hold keys of several algorithms, and each has
 * one key that signs. Among several keys of one algorithm, it is the one with the
 * latest nbf, then with the latest iat, then the first by kid. So rotation means:
 * write a new key whose nbf is a little ahead (so that verifiers get it in time), give
 * the old key an exp for the time when its last token has expired, and remove its
 * private half when no program can sign with it any more. Retiring means the last two
 * steps without a new key. Verification ignores nbf, because the clock of another host
 * may be ahead.
 *
 * If `alg` is NULL, it is KEYSET_USUAL_ALG if such a key may sign, or else the only
 * algorithm in the set. If there are several, none is guessed. NULL: no key may sign,
 * and `why` (may be NULL) says which one is missing.
 */
struct jwk *keyset_signing_key(const struct keyset *set, const struct alg *alg,
			       int64_t now, struct why *why);

/*
 * As above for encryption (JWK_OP_ENCRYPT): one key for all algorithms together, by
 * the same order.
 */
struct jwk *keyset_current(const struct keyset *set, enum jwk_op op, int64_t now);

/* For an encryption key, "signing" means that it is the one to encrypt with. */
enum keyset_state { KEY_WAITING, KEY_SIGNING, KEY_VERIFYING, KEY_OVER };

enum keyset_state keyset_state(const struct keyset *set, const struct jwk *key,
			       int64_t now);

/*
 * Append the public JWKS: every key that has a public part and is not over.
 * ERR_PERMISSION if there are oct keys.
 */
enum err keyset_write_public(const struct keyset *set, int64_t now, struct buf *out);

/*
 * A set that follows its file or directory (base/watch.h). keyset_watch_now looks at
 * most once a second. If the file cannot be parsed, the last good set is kept for ten
 * minutes. If a file has the wrong mode or may not be read, or if there is no key any
 * more, there is no set at once. The generation grows whenever the keys change or end.
 * Everything that was derived from older keys (a cache of verified tokens) is then
 * invalid.
 */
struct keyset_watch {
	char *path;
	enum keyset_purpose purpose;
	const struct alg *unnamed;
	struct keyset set;
	bool good; /* `set` may be used */
	unsigned long generation;
	struct watch watch;
};

/*
 * The watch is valid even after an error, because the set may become good later. Call
 * keyset_watch_close after any return.
 */
enum err keyset_watch_open(struct keyset_watch *w, const char *path,
			   enum keyset_purpose purpose, struct why *why);
enum err keyset_watch_open_as(struct keyset_watch *w, const char *path,
			      enum keyset_purpose purpose, const struct alg *unnamed,
			      struct why *why);
void keyset_watch_close(struct keyset_watch *w);

/* When the file, or one file of the directory, last changed. */
int64_t keyset_changed_at(const char *path);

/*
 * The current set, borrowed until the next call. NULL if there is none that may be
 * used.
 */
struct keyset *keyset_watch_now(struct keyset_watch *w);

#endif
