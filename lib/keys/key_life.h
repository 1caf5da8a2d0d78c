/*
 * How long a signing key and its halves are needed.
 */
#ifndef KEY_LIFE_H
#define KEY_LIFE_H

#include "config/config.h"
#include "keys/key_dir.h"

/* How long a new key waits, so that verifiers have it before it signs. */
#define KEY_AHEAD 600

/* For a login that was running when its key stopped signing. */
#define KEY_MARGIN 60

/*
 * How far clocks may differ, plus a margin: a key may be used this long after its
 * time.
 */
int64_t key_grace(const struct config *c);

/* How long a login's token may be good that is signed now, with the grace. */
int64_t key_longest_life(const struct config *c);

/*
 * The same for any token, where there are tokens for programs. `programs_until` is when
 * the last of them expires (store/program/programs.h); 0: there is none. If none outlives
 * those of logins, none will: a key that has an end signs nothing that outlives it.
 */
int64_t key_any_life(const struct config *c, int64_t now, int64_t programs_until);

/*
 * When the last token expires of a key that stops signing at `from`: for logins by
 * `life`, for the longest operator's token by the time in the key's file.
 */
int64_t key_end(const struct jwk *key, int64_t from, int64_t life, int64_t grace);

/* The algorithm that signing_alg names. NULL if it is not set. */
const struct alg *key_settings_alg(const struct config *c);

/* Is there a key of `alg` (NULL: of any) that signs, or will sign? */
bool key_has_alg(const struct keyset *set, const struct alg *alg, int64_t now);

/*
 * May a first key of `alg` be added to the set? Not if logins would then be signed by
 * another key than before, or by none: set signing_alg first.
 */
enum err key_check_alg(const struct config *c, const struct keyset *set,
		       const struct alg *alg, int64_t now, struct why *why);

/*
 * Remove the private half of each key that no process signs with any more: it is over,
 * or it has an end and its successor has signed for the grace. Secrets have no halves.
 */
enum err key_strip_spent(struct key_dir *dir, int64_t now, int64_t grace,
			 struct buf *done, struct why *why);

#endif
