/*
 * Content types (RFC 9110, 8.3.1).
 */
#ifndef MEDIA_H
#define MEDIA_H

#include <stdbool.h>

#include "base/str.h"

/*
 * True if `content_type` is `type` (like "application/json", in upper or lower case),
 * its parameters are well formed, and its charset, if it has one, is UTF-8.
 */
bool media_is(struct str content_type, const char *type);

#endif
