/* Media types, found by the ending of a file name. */
#ifndef MIME_H
#define MIME_H

#include "base/buf.h"
#include "base/str.h"

/* Where systems have their table. Each line is "type extension extension…". */
#define MIME_SYSTEM_TABLE "/etc/mime.types"

struct mime {
	struct buf table; /* the system's table; empty if there is none */
};

/* Read the system's table. Without one, only our own small table is used. */
void mime_open(struct mime *m, const char *path);
void mime_close(struct mime *m);

/*
 * The type for a file name, or "application/octet-stream" if it is unknown. Borrowed
 * from `m`, or static.
 */
struct str mime_find(const struct mime *m, struct str name);

#endif
