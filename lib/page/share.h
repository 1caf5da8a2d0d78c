/*
 * The files of share/ that a program shows: those that are compiled into it, by
 * folder, and those of the directory share_dir, which has the same layout and replaces
 * them. Phrases are in language.h.
 */
#ifndef SHARE_H
#define SHARE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/embedded.h"
#include "base/err.h"
#include "base/str.h"

#define SHARE_FILES_MAX 64
#define SHARE_FILE_MAX (256 * 1024) /* bytes: a catalogue has some 80,000 */

struct share_file {
	const char *folder; /* "login" */
	struct str name;    /* "login.html": no two folders have a file with the same
			     * name */
	struct str built_in;
	const char *version; /* hash of these bytes */
	struct buf own;      /* what was read from share_dir */
	bool is_own;         /* replaces `built_in`, also when it is empty */
};

struct share {
	struct share_file files[SHARE_FILES_MAX];
	size_t n;
};

/*
 * `folders` ends with a NULL name. `share_dir` may be NULL. A missing file stays built
 * in. ERR_SYNTAX for a file that is not UTF-8, ERR_LIMIT for one that is too long,
 * ERR_IO if it cannot be read. Call share_close after any return.
 */
enum err share_open(struct share *share, const struct embedded_folder *folders,
		    const char *share_dir, struct why *why);
void share_close(struct share *share);

/* "login.html"; NULL when there is none. */
const struct share_file *share_find(const struct share *share, struct str name);

/* Its bytes: share_dir's or the built-in ones. */
struct str share_bytes(const struct share_file *file);

/* Open share_dir, or a folder in it. ERR_NOT_FOUND, ERR_IO. The caller closes it. */
enum err share_open_dir(const char *share_dir, const char *folder, int *directory,
			struct why *why);

/* Append the file `name` of a folder that is open; the errors of share_open. */
enum err share_read(int directory, const char *folder, const char *name, struct buf *out,
		    struct why *why);

#endif
