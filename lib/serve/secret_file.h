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
 * For the `load` of a watch_kind, whose name is that of the setting. `*changed`: other bytes
 * were there before, and the log has to say so.
 */
enum err secret_file_load(struct secret_file *s, bool *changed, struct why *why);

/* For struct power: allocated into `*opened`, followed, and freed. `path` may be NULL. */
enum err secret_file_open(const struct watch_kind *kind, const char *path, void **opened,
			  struct why *why);

/* After an error the bytes are empty, because the file may not be used then. */
enum err secret_file_follow(void *opened, struct why *why);
void secret_file_close(void *opened);

/* The bytes. Empty if `opened` is NULL. */
struct str secret_file_bytes(const void *opened);

#endif
