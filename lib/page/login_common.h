/*
 * What the login and the account have in common.
 */
#ifndef LOGIN_COMMON_H
#define LOGIN_COMMON_H

#include <stdint.h>

#include "http/request.h"
#include "http/response.h"
#include "people/flow.h"
#include "serve/app.h"

/* Who is asking, for counting: see access/forwarded.h. */
struct str login_address(const struct app *app, const struct request *req);

/* Fill in `policy` from the settings. */
void login_policy_of(const struct app *app, struct flow_policy *policy);

/* 503 for what could not be decided, Retry-After included. */
void login_unavailable(struct app *app, const struct request *req, struct response *res,
		       enum err e);

/* Retry-After: `seconds`. */
void login_retry_after(struct response *res, int64_t seconds);

#endif
