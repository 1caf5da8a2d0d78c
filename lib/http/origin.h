/*
 * Is an unsafe request our own pages' doing (CSRF)?
 */
#ifndef ORIGIN_H
#define ORIGIN_H

#include <stdbool.h>

#include "base/str.h"
#include "http/request.h"

/*
 * True when Sec-Fetch-Site is "same-origin", or, where that header is absent
 * (old browsers, plain HTTP), when Origin equals the origin of `public_url`.
 * Neither present: false. Both given and not agreeing: false. "none", as for a
 * form opened from a bookmark, is not enough for an unsafe method.
 */
bool origin_is_own(const struct request *r, struct str public_url);

#endif
