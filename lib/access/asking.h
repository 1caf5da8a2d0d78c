/*
 * Requests of other programs that wait for a login. /oauth/authorize stores such a
 * request, and login leads back to it: return_to names it by its id. A cookie binds it
 * to the browser that made it. The database has the cookie's SHA-256 only.
 */
#ifndef ASKING_H
#define ASKING_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "crypto/hash.h"
#include "http/cookie.h"
#include "http/request.h"
#include "serve/app.h"

struct config;

#define ASKING_SIZE 32                  /* random bytes of the cookie */
#define ASKING_BROWSER_SIZE SHA256_SIZE /* what is stored of it */

/* The cookie, which ends with the browser. */
struct cookie asking_cookie(const struct config *config);

/* Append a new value for the cookie. */
enum err asking_new(struct buf *value);

/*
 * The SHA-256 of a cookie's value. `found` is false if the value does not have the form
 * that asking_new gives.
 */
enum err asking_hash(struct str value, unsigned char browser[ASKING_BROWSER_SIZE],
		     bool *found);

/* The same for the cookie that the request brought. */
enum err asking_browser(const struct app *app, const struct request *req,
			unsigned char browser[ASKING_BROWSER_SIZE], bool *found);

/* True if `return_to` is exactly "/oauth/authorize?id=UUID". The id borrows from it. */
bool asking_id(struct str return_to, struct str *id);

/* Append that address. */
bool asking_address(struct buf *out, struct str id);

#endif
