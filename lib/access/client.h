/*
 * The client's network address, for counting and for the log.
 */
#ifndef CLIENT_H
#define CLIENT_H

#include "base/str.h"
#include "http/request.h"
#include "serve/app.h"

/* The client's address, also behind trusted_proxies (access/forwarded.h). */
struct str client_address(const struct app *app, const struct request *req);

#endif
