/* Distinguishes a person with a browser from a program. */
#ifndef ACCEPT_H
#define ACCEPT_H

#include <stdbool.h>

#include "base/str.h"
#include "http/request.h"

/*
 * The client wants HTML rather than JSON: Accept gives text/html a higher weight than
 * application/json (RFC 9110, 12.5.1). A client without Accept, or with wildcards
 * only, is a program.
 */
bool accept_html(const struct request *r);

/*
 * A browser opens a page: it wants HTML, and neither Sec-Fetch-Mode, Sec-Fetch-Dest
 * nor X-Requested-With says that a script asked. Only then is a redirect to the login
 * page useful.
 */
bool accept_navigation(const struct request *r);

/*
 * The index of the language tag (of `n`, in lower case, RFC 5646) that an
 * Accept-Language header prefers (RFC 9110, 12.5.4). That is the tag with the greatest
 * weight; among equals the one that the header names first; then the first tag, which
 * is also the result if the header is empty or wants none of them. The most specific
 * range gives a tag its weight: the tag itself, then "de" for de-at, then de-at for
 * "de" (RFC 4647, 3.3.1 and 3.4), then *. `n` is from 1 to ACCEPT_LANGUAGES_MAX.
 */
#define ACCEPT_LANGUAGES_MAX 16
size_t accept_language(struct str header, const struct str *tags, size_t n);

#endif
