/*
 * A file of secret bytes that a power holds: read when it is opened, and read again when it
 * has changed. Only power_*.c include this.
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
 * What `kind` of a watch_kind it is: `.load` is secret_file_load; its name, that of the
 * setting, is in the log when the file has changed (NAME_changed).
 */
enum err secret_file_load(void *file, struct why *why);

/* For struct power: allocated into `*opened`, followed, and freed. `path` may be NULL. */
enum err secret_file_open(const struct watch_kind *kind, const char *path, void **opened,
			  struct why *why);

/* After an error the bytes are empty: where the file may not be used, they are no use. */
enum err secret_file_follow(void *opened, struct why *why);
void secret_file_close(void *opened);

/* The bytes; empty where `opened` is NULL. */
struct str secret_file_bytes(const void *opened);

#endif
