/*
 * Key sets: one file (a JWK, or a JWKS as of RFC 7517, 5) or a directory, each
 * of whose *.jwk and *.json files is either (files whose name starts with a
 * dot are passed over, so that a new file can be written beside and renamed).
 *
 * Refused as a whole: a set of which one key is malformed or weak; two keys
 * with one kid; secret (oct) and public-key keys mixed, for a set that holds
 * both is where an RSA public key gets used as an HMAC secret; private and
 * public-only keys mixed, for such a file ends up published, but for public ones
 * with an exp: that is what is left of a key that signs no longer; secrets in a file
 * that the world can read or that group or world can write; a file or directory
 * that the world can write; no usable key. Keys of unknown type, curve or
 * algorithm, and keys for another purpose (`use`, `key_ops`), are passed over
 * once that is clear.
 *
 * What the set is for must be said when it is loaded:
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
	 * For programs that check tokens. Asymmetric private keys are refused:
	 * such a program would, without need, hold what mints tokens; give it
	 * the published set. (With HS256 there is no choice: the secret is it.)
	 */
	KEYSET_VERIFY,
	/* For the operator's command, who may well use the private file. */
	KEYSET_VERIFY_ANY,
	/* At least one key has its private part, or is oct; the others verify. */
	KEYSET_SIGN,
	KEYSET_ENCRYPT, /* public, private or oct */
	KEYSET_DECRYPT, /* private or oct */
	/* Everything that is valid, for listing, rotating, publishing. */
	KEYSET_MANAGE
};

#define KEYSET_BYTES (1024 * 1024) /* of one file */
#define KEYSET_KEYS 2000           /* in all */

/* All keys of a set are of one kind; beside private keys, public ones with an exp stand. */
enum keyset_kind {
	KEYS_NONE = 0,
	KEYS_PUBLIC,
	KEYS_PRIVATE,
	KEYS_SECRET /* oct */
};

struct keyset {
	const struct alg *unnamed; /* of keys that name none; NULL: see jwk_parse */
	struct jwk *keys;          /* sorted by kid */
	size_t n;
	size_t size;              /* room for so many */
	size_t total;             /* n and those passed over */
	enum keyset_kind kind;    /* those passed over count, too */
	bool endless;             /* a public key without an exp is among them */
	unsigned char digest[32]; /* of all that was read */
	struct header_memo *memo; /* of the last token that was good */
};

/* All return a set that keyset_done frees, also on error (it is empty then). */
enum err keyset_load(const char *path, enum keyset_purpose purpose, struct keyset *set,
		     struct why *why);
enum err keyset_parse(struct str json, enum keyset_purpose purpose, struct keyset *set,
		      struct why *why);
void keyset_done(struct keyset *set);

/*
 * The same, for the keys of an issuer that publishes them without `alg`: they are of
 * `unnamed`, and those that cannot be are passed over. NULL: as above.
 */
enum err keyset_load_as(const char *path, enum keyset_purpose purpose,
			const struct alg *unnamed, struct keyset *set, struct why *why);
enum err keyset_parse_as(struct str json, enum keyset_purpose purpose,
			 const struct alg *unnamed, struct keyset *set, struct why *why);

/* Does it hold something that must not be published? */
bool keyset_is_secret(const struct keyset *set);

/*
 * The key that a token's header names, to be used at `now`: a key whose `exp`
 * has come is not found. Without a kid (has_kid false): the only key of a set
 * of one (counting those passed over), else none. A kid that the only key does
 * not contradict, for it has none itself, finds it as well.
 */
struct jwk *keyset_find(const struct keyset *set, bool has_kid, struct str kid,
			int64_t now);

#define KEYSET_USUAL_ALG "ES256"

/*
 * The life of a signing key, told by members of its file:
 *
 *   now <  nbf         waiting: published, does not sign yet
 *   nbf <= now < exp   signs, unless a later key does
 *   exp <= now         over: verifies no longer either
 *
 * All this is by algorithm: a set may hold keys of several, each with its own key
 * that signs. Of several of one algorithm, the one with the latest nbf does, then
 * the latest iat, then the first by kid. So rotating is: write a new key whose nbf
 * is a little ahead (until then verifiers pick it up), give the old one an exp when
 * its last token has run out, and take its private half away when nobody can sign
 * with it any more. Retiring is the last two without a new key. Verifying takes no
 * notice of nbf, for another host's clock may be ahead.
 *
 * `alg` NULL: KEYSET_USUAL_ALG where there is such a key that may sign, else the only
 * algorithm that there is; where there are several, none is guessed. NULL: no key
 * may sign, and `why` (may be NULL) says which is missing.
 */
struct jwk *keyset_signing_key(const struct keyset *set, const struct alg *alg,
			       int64_t now, struct why *why);

/* For encryption (JWK_OP_ENCRYPT): of all algorithms together, by the same order. */
struct jwk *keyset_current(const struct keyset *set, enum jwk_op op, int64_t now);

/* For a key of encryption, "signing" is that it is the one to encrypt with. */
enum keyset_state { KEY_WAITING, KEY_SIGNING, KEY_VERIFYING, KEY_OVER };

enum keyset_state keyset_state(const struct keyset *set, const struct jwk *key,
			       int64_t now);

/*
 * Append the public JWKS: every key with a public part that is not over.
 * ERR_PERMISSION when there are oct keys.
 */
enum err keyset_write_public(const struct keyset *set, int64_t now, struct buf *out);

/*
 * A set that follows its file or directory (base/watch.h): keyset_watch_now looks at
 * most once a second. Where it cannot be parsed the last good set stays for ten
 * minutes; where a file has the wrong mode, may not be read, or there is no key any
 * more, there is no set at once. The generation grows whenever the keys change or
 * end: what was derived from the old ones (a cache of verified tokens) is void then.
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
 * On error the watch is valid all the same: the set may become good later.
 * keyset_watch_close after any return.
 */
enum err keyset_watch_open(struct keyset_watch *w, const char *path,
			   enum keyset_purpose purpose, struct why *why);
enum err keyset_watch_open_as(struct keyset_watch *w, const char *path,
			      enum keyset_purpose purpose, const struct alg *unnamed,
			      struct why *why);
void keyset_watch_close(struct keyset_watch *w);

/* When the file, or one of the directory, was changed for the last time. */
int64_t keyset_changed_at(const char *path);

/* The current set, borrowed until the next call; NULL if there is none to be used. */
struct keyset *keyset_watch_now(struct keyset_watch *w);

#endif
