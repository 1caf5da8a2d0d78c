/*
 * The cookie of the language that somebody has chosen: doorward-language, Path=/. The
 * account page sets it, and so does a login from the user's row. It opens nothing.
 */
#ifndef LANGUAGE_COOKIE_H
#define LANGUAGE_COOKIE_H

#include "http/cookie.h"

struct config;

struct cookie language_cookie(bool plain_http);

/* Set the cookie to `tag`. If that is empty, remove the cookie. */
void language_cookie_give(const struct config *config, const struct request *req,
			  struct response *res, struct str tag);

#endif
