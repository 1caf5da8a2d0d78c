/*
 * The program on whose behalf a person signs in. If return_to is the address of a stored
 * request of a client (access/asking.h), the pages on the way say the client's name, and
 * their forms may lead to it.
 */
#ifndef LOGIN_ASKER_H
#define LOGIN_ASKER_H

#include "http/request.h"
#include "serve/app.h"
#include "store/oauth/request_origin.h"

/*
 * Find it; all texts of `asker` are empty if there is none. One statement if `return_to`
 * names a request and the browser has the cookie of requests; otherwise none. A request
 * that is over, or of another browser, is none. After an error the cause is logged, and no
 * page may be sent (503): its form would end in a redirect that the browser blocks.
 */
enum err login_asker_find(struct app *app, const struct request *req,
			  struct str return_to, struct request_origin *asker);

#endif
