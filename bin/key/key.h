/* What the actions of `doorward key` share. One file for a few of them. */
#ifndef KEY_H
#define KEY_H

#include "bin/command.h"
#include "bin/db/trail.h"
#include "bin/keyfile/key_file.h"
#include "keys/key_dir.h"
#include "keys/key_life.h"
#include "keys/key_publish.h"

command_run key_new;     /* key_new.c */
command_run key_list;    /* key_list.c */
command_run key_rotate;  /* key_rotate.c */
command_run key_retire;  /* key_retire.c */
command_run key_publish; /* key_publish.c */
command_run key_import;  /* key_pem.c */
command_run key_export;
command_run key_fetch; /* key_fetch.c */

/* ---- key_keep.c ---- */

/*
 * An operator is about to issue a token that is good until `until`. Make sure that the
 * key that signs at `now` stays that long, and is published so. The directory stays
 * locked until key_dir_close, so that the same key signs. Call key_dir_close after any
 * return.
 */
enum err key_keep(const struct config *c, int64_t now, int64_t until, struct key_dir *dir,
		  struct why *why);

/* ---- key_publish.c ---- */

/* Publish as key_publish_all of lib/keys does. False after a complaint. */
bool key_publish_settings(const struct config *c, int64_t now, struct trail *trail);

/* ---- key_programs.c ---- */

/*
 * When the last token for a program expires, as the database says. 0: there is none, or
 * no database. If the database is away, this is the latest that is possible, after a
 * warning: keys must work without it.
 */
int64_t key_programs_until(const struct config *c, int64_t now);

/* ---- key_about.c ---- */

/* Let the group of that name read added keys (NULL: no change). False: no such group. */
bool key_set_group(struct key_dir *dir, const char *name);

/* The number of a group. False: no such group. */
bool key_find_group(const char *name, gid_t *group);

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
