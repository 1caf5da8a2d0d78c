/* What the actions of `doorward key` share. One file for a few of them. */
#ifndef KEY_H
#define KEY_H

#include "bin/command.h"
#include "bin/db/trail.h"
#include "bin/keyfile/key_dir.h"
#include "bin/keyfile/key_file.h"

command_run key_new;     /* key_new.c */
command_run key_list;    /* key_list.c */
command_run key_rotate;  /* key_rotate.c */
command_run key_retire;  /* key_retire.c */
command_run key_publish; /* key_publish.c */
command_run key_import;  /* key_pem.c */
command_run key_export;
command_run key_fetch; /* key_fetch.c */

/* How long a new key waits, so that verifiers have it before it signs. */
#define KEY_AHEAD 600

/* For a login that was running when its key stopped signing. */
#define KEY_MARGIN 60

/* ---- key_life.c ---- */

/*
 * How far clocks may differ, plus a margin: a key may be used this long after its
 * time.
 */
int64_t key_grace(const struct config *c);

/* How long a login's token may be good that is signed now, with the grace. */
int64_t key_longest_life(const struct config *c);

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
			 struct trail *trail, struct why *why);

/*
 * An operator is about to issue a token that is good until `until`. Make sure that the
 * key that signs at `now` stays that long, and is published so. The directory stays
 * locked until key_dir_close, so that the same key signs. Call key_dir_close after any
 * return.
 */
enum err key_keep(const struct config *c, int64_t now, int64_t until, struct key_dir *dir,
		  struct why *why);

/* ---- key_publish.c ---- */

/*
 * Write the public sets that the settings name. Unchanged sets are not written. A
 * written set is added to the trail as `published`. False after a complaint.
 */
bool key_publish_all(const struct config *c, int64_t now, struct trail *trail);

/*
 * Write public bytes to a file, or to jwks.json in a directory, unless they are
 * already there. Then add that to the trail. False after a complaint.
 */
bool key_write_public(const char *path, struct str bytes, struct trail *trail);

/* ---- key_about.c ---- */

/* The path in the settings by that name, or NULL after a complaint. */
const char *key_path(const struct config *c, const char *name);

/* Add to the trail which key it is, and where. */
void key_put_trail(struct trail *trail, const struct jwk *key, const char *path);

/* Put {"kid":…,"alg":…, …} about the key, with its state if it is in a set. */
void key_put_json(struct buf *out, const struct jwk *key, const char *state,
		  bool signs_logins);

/* "signs", "waits", … from keyset_state. */
const char *key_state_text(const struct keyset *set, const struct jwk *key, int64_t now);

/*
 * Is a key in use that a new one of `alg` would follow: of the same algorithm, or for
 * encryption?
 */
bool key_is_in_use(const struct keyset *set, const struct alg *alg, int64_t now);

/*
 * The key that a word names: its kid, or the start of its thumbprint if that is
 * unique.
 */
struct jwk *key_find(const struct keyset *set, const char *word);

#endif
