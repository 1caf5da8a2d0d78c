/* The host of public_url, and host names in general. */
#ifndef CONFIG_HOST_H
#define CONFIG_HOST_H

#include "config/config.h"

/* The host of public_url without its port. Brackets stay. */
struct str config_host(const struct config *c);

/* True if `host` is an IP address and no name. */
bool config_is_address(struct str host);

/* True if `host` is `domain` or below it. */
bool config_is_below(struct str host, struct str domain);

#endif
