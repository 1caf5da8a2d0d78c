/*
 * Content types (RFC 9110, 8.3.1).
 */
#ifndef MEDIA_H
#define MEDIA_H

#include <stdbool.h>

#include "base/str.h"

/*
 * `content_type` is `type` (like "application/json"; case does not count), its
 * parameters are well formed, and a charset, if it has one, is UTF-8.
 */
bool media_is(struct str content_type, const char *type);

#endif
