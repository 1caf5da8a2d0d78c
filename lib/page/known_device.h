/*
 * The browser that has logged in before, and its cookie: doorward-device, Path=/login,
 * which holds a device secret (people/device.h). It opens nothing.
 */
#ifndef KNOWN_DEVICE_H
#define KNOWN_DEVICE_H

#include "http/cookie.h"
#include "serve/app.h"

struct cookie known_device_cookie(const struct config *config);

/*
 * Give the browser at hand the secret of a known device, after the others of `user`
 * have ceased to be known. What fails is logged and changes nothing else: the browser
 * is then one that has not logged in before.
 */
void known_device_give(struct app *app, struct response *res, struct str user,
		       int64_t version);

#endif
