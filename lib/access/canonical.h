/*
 * One name for the site (canonical_redirect): who opens a page under another of its
 * names, www.example.org where public_url is https://example.org, is led there.
 */
#ifndef CANONICAL_H
#define CANONICAL_H

#include <stdbool.h>

#include "http/request.h"
#include "http/response.h"
#include "serve/app.h"

/*
 * True when the answer is complete: the setting is on, a page is opened (GET or
 * HEAD), and Host is not the host and port of public_url. It leads to public_url
 * with the same path and query, so never to a place that the client names. What has
 * an access token in its query (token_in_query) stays where it is.
 */
bool canonical_redirect(struct app *app, const struct request *req,
			struct response *resp);

#endif
