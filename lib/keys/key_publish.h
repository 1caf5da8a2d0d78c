/*
 * Public key sets, for those who verify tokens or encrypt them.
 */
#ifndef KEY_PUBLISH_H
#define KEY_PUBLISH_H

#include "base/buf.h"
#include "config/config.h"

/*
 * Write the public sets that the settings name, and beside the one that verifies the
 * metadata of this site (metadata/metadata.h). What is unchanged is not written. A written
 * file is noted in `done` as `published`. Where `oauth` is off, the metadata that only a
 * provider has is removed and noted as `withdrawn`.
 */
enum err key_publish_all(const struct config *c, int64_t now, struct buf *done,
			 struct why *why);

/*
 * ERR_OK if the metadata beside the published keys say what the settings do. Otherwise
 * `why` names the file and the command that mends it. Says nothing of keys that cannot be
 * read, and of those of others, which are not published here.
 */
enum err key_check_metadata(const struct config *c, int64_t now, struct why *why);

/*
 * Append the public set of the keys at `from`. ERR_PERMISSION if they are secrets.
 */
enum err key_public_set(const char *from, int64_t now, struct buf *json, struct why *why);

/*
 * Write public bytes to a file, or to jwks.json in a directory, unless they are
 * already there. Then note that in `done`.
 */
enum err key_write_public(const char *path, struct str bytes, struct buf *done,
			  struct why *why);

#endif
