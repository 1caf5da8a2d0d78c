/*
 * The cookie of a browser that has logged in before: doorward-device, Path=/login. It
 * holds a device secret (people/device.h) and opens nothing.
 */
#ifndef KNOWN_DEVICE_H
#define KNOWN_DEVICE_H

#include "http/cookie.h"
#include "serve/app.h"

struct cookie known_device_cookie(const struct config *config);

/*
 * Give the present browser the secret of a known device, after the other devices of
 * `user` were forgotten. A failure is logged and changes nothing else: the browser is
 * then one that has not logged in before.
 */
void known_device_give(struct app *app, struct response *res, struct str user,
		       int64_t version);

#endif
