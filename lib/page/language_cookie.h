/*
 * The language that somebody has chosen, as a cookie: doorward-language, Path=/. The
 * account page sets it, and a login from the user's row. It opens nothing.
 */
#ifndef LANGUAGE_COOKIE_H
#define LANGUAGE_COOKIE_H

#include "http/cookie.h"

struct config;

struct cookie language_cookie(bool plain_http);

/* Set it to `tag`; where that is empty, take away what the browser has brought. */
void language_cookie_give(const struct config *config, const struct request *req,
			  struct response *res, struct str tag);

#endif
