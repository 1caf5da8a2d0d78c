/*
 * Who is asking, for counting and for the log: by network address.
 */
#ifndef CLIENT_H
#define CLIENT_H

#include "base/str.h"
#include "http/request.h"
#include "serve/app.h"

/* The client's address, behind trusted_proxies too (access/forwarded.h). */
struct str client_address(const struct app *app, const struct request *req);

#endif
