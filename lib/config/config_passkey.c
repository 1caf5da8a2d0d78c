#include "config/config_passkey.h"

#include "config/config_host.h"
#include "http/target.h"

/* Browsers offer WebAuthn to secure contexts only. */
static bool
is_secure(struct str origin)
{
	return str_starts_with(origin, STR("https://")) ||
	       target_leads_to_loopback(origin);
}

const char *
config_passkey_obstacle(const struct config *c)
{
	struct str host = config_host(c);

	if (config_is_address(host))
		return "public_url has an address, and passkeys belong to a host name";
	if (!is_secure(str_of(c->public_url)))
		return "public_url is http://, and browsers make passkeys for https:// "
		       "and localhost only";
	return NULL;
}

const char *
config_rp_id_complaint(const struct config *c)
{
	struct str id = str_of(c->passkey_rp_id), host = config_host(c);

	if (id.n == 0)
		return NULL;
	if (config_passkey_obstacle(c) != NULL)
		return config_is_address(host)
			       ? "makes no sense where public_url is an address"
			       : "makes no sense where public_url is http://";
	if (!config_is_below(host, id))
		return "is neither the host of public_url nor a domain above it";
	if (host.n != id.n && str_index(id, '.') == id.n)
		return "is a top-level domain, for which browsers make no passkeys";
	return NULL;
}

const char *
config_passkey_origin_complaint(const struct config *c, struct str origin)
{
	struct str id = str_of(c->passkey_rp_id);
	struct str host = str_sub(origin, str_index(origin, '/') + 2, origin.n);

	if (!is_secure(origin))
		return "is http://, where browsers make no passkeys";
	if (!config_is_below(str_cut(&host, ':'), id))
		return "is not an origin of passkey_rp_id or below it";
	return NULL;
}
