/*
 * QR codes (ISO/IEC 18004) as the path of an SVG image. The image itself is in the
 * template, with a white ground, so that it can be read in a dark theme, too.
 */
#ifndef QR_H
#define QR_H

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

#define QR_QUIET 4         /* modules of white around it */
#define QR_TEXT_MAX 1024   /* bytes that it may contain; more is hard to scan */
#define QR_PATH_MAX 262144 /* enough for `path` */

/*
 * Append the path of the dark modules to `path`: the `d` of <path>. `*side` is the
 * width and height of the image in modules, with the white around it. ERR_LIMIT: the
 * text is longer than QR_TEXT_MAX.
 */
enum err qr_path(struct str text, struct buf *path, int *side);

#endif
