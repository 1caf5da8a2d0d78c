/*
 * What the actions of `doorward key` share; one file a few of them.
 */
#ifndef KEY_H
#define KEY_H

#include "bin/command.h"
#include "bin/key/keys.h"
#include "bin/key/ring.h"
#include "bin/trail.h"

command_run key_list;   /* key_list.c */
command_run key_retire; /* key_rotate.c */
command_run key_rotate;
command_run key_publish; /* key_publish.c */
command_run key_import;  /* key_pem.c */
command_run key_export;
command_run key_fetch; /* key_fetch.c */

/* How long a new key waits so that those who verify have it before it signs. */
#define KEY_AHEAD 600

/* The settings' path by that name, or NULL after a complaint. */
const char *key_path(const struct config *c, const char *name);

/*
 * Write the public sets that the settings name. Nothing is written that has
 * not changed; what is written is added to the trail as `published`. False after a
 * complaint.
 */
bool key_publish_all(const struct config *c, int64_t now, struct trail *trail);

/*
 * Write public bytes to a file, or into a directory as jwks.json, if they are
 * not there already; then it is added to the trail. False after a complaint.
 */
bool key_write_public(const char *path, struct str bytes, struct trail *trail);

/* Add which key it is, and where, to the trail. */
void key_put_trail(struct trail *trail, const struct jwk *key, const char *path);

/* Put {"kid":…,"alg":…, …} about the key. */
void key_put_json(struct buf *out, const struct jwk *key, const char *state);

/* "signs", "waits", … as keyset_state says. */
const char *key_state_text(const struct keyset *set, const struct jwk *key, int64_t now);

/* The key that a word names: its kid, or the beginning of its thumbprint if unique. */
struct jwk *key_find(const struct keyset *set, const char *word);

#endif
