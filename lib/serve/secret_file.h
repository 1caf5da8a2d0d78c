/*
 * A file of secret bytes that a power holds. It is read when it is opened, and again
 * when it has changed. Only power_*.c include this.
 */
#ifndef SECRET_FILE_H
#define SECRET_FILE_H

#include "base/buf.h"
#include "base/watch.h"

struct secret_file {
	const char *path; /* NULL: there is none, and `bytes` stays empty */
	struct buf bytes;
	struct watch watch;
};

/*
 * The file's kind of watch_kind: `.load` is secret_file_load. Its name, which is that
 * of the setting, is in the log when the file has changed (NAME_changed).
 */
enum err secret_file_load(void *file, struct why *why);

/* For struct power: allocated into `*opened`, followed, and freed. `path` may be NULL. */
enum err secret_file_open(const struct watch_kind *kind, const char *path, void **opened,
			  struct why *why);

/* After an error the bytes are empty, because the file may not be used then. */
enum err secret_file_follow(void *opened, struct why *why);
void secret_file_close(void *opened);

/* The bytes. Empty if `opened` is NULL. */
struct str secret_file_bytes(const void *opened);

#endif
