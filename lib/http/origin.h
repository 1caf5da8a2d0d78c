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
 * Neither present: false. A browser that says "same-origin" and sends an Origin
 * that is neither `public_url` nor the Host it asked contradicts itself: false.
 * "none", as for what was typed or bookmarked, is not enough.
 */
bool origin_is_own(const struct request *r, struct str public_url);

#endif
