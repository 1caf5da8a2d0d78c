/*
 * Writing the revocation files (revocations.h).
 */
#ifndef REVOCATIONS_WRITE_H
#define REVOCATIONS_WRITE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "revocation/revocations_merge.h"

#define REVOCATIONS_LOCK_MS 2000

/* What the database says is revoked. */
struct revocations_news {
	struct revocation_list list; /* sorted by revocations_write */
	int64_t since;  /* it was asked for what was listed since then; 0: for all */
	int64_t listed; /* the database's time of the newest of them; 0: there is none */
	bool renew;     /* write the first file in any case, for revocation_max_age */
};

/*
 * Up to which time of the database do the present files list everything? 0: they do
 * not exist, or they are no good pair.
 */
int64_t revocations_listed(const char *path);

/*
 * Add the news to the files at `path`. Only a file that changes is written, and it is
 * replaced as a whole; the second file is replaced first. Entries stay in the files
 * until they expire (revocations_merge.h). A file that is damaged or missing is made
 * anew. The files' directory is locked meanwhile.
 *
 * The files get mode 0644, because verifiers must read them and a sid is no secret. A
 * writer needs the right to write to the directory, and no other right. Other users
 * only need to pass through it (mode 0711 or 2771): a user who can open the directory
 * can hold its lock.
 *
 * ERR_NOT_FOUND: news->since is not 0, but the files are no good pair any more: ask the
 * database for all. ERR_BUSY: the lock was not free within REVOCATIONS_LOCK_MS.
 * ERR_LIMIT: more is revoked for longer than a day than the second file holds. ERR_IO
 * or ERR_MEMORY: also if a file cannot be read at the moment, because it may hold what
 * the database has forgotten. On any error, a file that was not replaced stays.
 */
enum err revocations_write(const char *path, struct revocations_news *news,
			   struct why *why);

/*
 * Make files that list nobody, for a site without a database yet. ERR_EXISTS: there is
 * a file at `path` already.
 */
enum err revocations_write_empty(const char *path, struct why *why);

/* True if the present files end all of `sids` (words separated by a space). */
bool revocations_hold(const char *path, struct str sids);

#endif
