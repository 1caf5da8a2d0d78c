/*
 * The page after a login with a recovery code: how many are left, and on to `return_to`.
 */
#ifndef RECOVERY_PAGE_H
#define RECOVERY_PAGE_H

#include <stdint.h>

#include "http/request.h"
#include "http/response.h"
#include "serve/app.h"

void recovery_page_send(struct app *app, const struct request *req, struct response *res,
			int64_t left, struct str return_to);

#endif
