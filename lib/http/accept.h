/*
 * Who is asking: a person with a browser, or a program.
 */
#ifndef ACCEPT_H
#define ACCEPT_H

#include <stdbool.h>

#include "base/str.h"
#include "http/request.h"

/*
 * Wants HTML rather than JSON: Accept gives text/html a higher weight than
 * application/json (RFC 9110, 12.5.1). Without Accept, or with mere wildcards,
 * it is a program.
 */
bool accept_html(const struct request *r);

/*
 * A page being opened: wants HTML, and neither Sec-Fetch-Mode, Sec-Fetch-Dest
 * nor X-Requested-With says that a script asked. Only then is a redirect to
 * the login page of any use.
 */
bool accept_navigation(const struct request *r);

/*
 * Which of `n` language tags in small letters (RFC 5646) an Accept-Language header
 * prefers (RFC 9110, 12.5.4): the one with the greatest weight, then the one that the
 * header names first, then the first one, which is also taken when the header is
 * empty or wants none of them. The range that says most about a tag gives its weight:
 * the tag itself, "de" for de-at, de-at for "de" (RFC 4647, 3.3.1 and 3.4), then *.
 * `n` is at least 1 and at most ACCEPT_LANGUAGES_MAX; returns an index.
 */
#define ACCEPT_LANGUAGES_MAX 16
size_t accept_language(struct str header, const struct str *tags, size_t n);

#endif
