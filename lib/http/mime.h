/*
 * Media types by the end of a file's name.
 */
#ifndef MIME_H
#define MIME_H

#include "base/buf.h"
#include "base/str.h"

/* Where systems keep their table: "type extension extension…" a line. */
#define MIME_SYSTEM_TABLE "/etc/mime.types"

struct mime {
	struct buf table; /* the system's; empty when there is none */
};

/* Read the system's table; without one, a small one of our own is all. */
void mime_open(struct mime *m, const char *path);
void mime_close(struct mime *m);

/*
 * The type for a file name, "application/octet-stream" when it is unknown.
 * Borrows from `m` or is static.
 */
struct str mime_find(const struct mime *m, struct str name);

#endif
