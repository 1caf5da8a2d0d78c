/* Whether the site can offer passkeys (WebAuthn), and for which relying party. */
#ifndef CONFIG_PASSKEY_H
#define CONFIG_PASSKEY_H

#include "config/config.h"

/*
 * Why browsers would make no passkey for pages of public_url, as a sentence without
 * its end. NULL: they can, and passkey_rp_id and passkey_origins are set.
 */
const char *config_passkey_obstacle(const struct config *c);

/*
 * What is wrong with passkey_rp_id, or with `origin` of passkey_origins; NULL: nothing.
 */
const char *config_rp_id_complaint(const struct config *c);
const char *config_passkey_origin_complaint(const struct config *c, struct str origin);

#endif
