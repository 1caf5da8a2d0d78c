/*
 * One name for the site (canonical_redirect): visitors who open a page under another
 * of its names, for example www.example.org if public_url is https://example.org, are
 * redirected.
 */
#ifndef CANONICAL_H
#define CANONICAL_H

#include <stdbool.h>

#include "http/request.h"
#include "http/response.h"
#include "serve/app.h"

/*
 * True if the answer is complete: the setting is on, a page is opened (GET or HEAD),
 * and Host is not the host and port of public_url. The redirect leads to public_url
 * with the same path and query, so the client cannot choose the target. A request with
 * an access token in its query (token_in_query) is not redirected.
 */
bool canonical_redirect(struct app *app, const struct request *req,
			struct response *resp);

#endif
