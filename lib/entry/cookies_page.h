/* The page for a browser that keeps no cookies: nobody can be signed in without them. */
#ifndef COOKIES_PAGE_H
#define COOKIES_PAGE_H

#include "http/request.h"
#include "http/response.h"
#include "serve/app.h"

/* 403, with a link to try again. `return_to` is one of login_return_to. */
void cookies_page_send(struct app *app, const struct request *req, struct response *res,
		       struct str return_to);

#endif
