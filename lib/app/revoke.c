#include "app/revoke.h"

#include "auth/revocations_publish.h"

enum err
revoke_publish(const struct config *config, struct db *db, struct why *why)
{
	enum err e;

	if (!config->revocation)
		return ERR_OK;
	if ((e = config_need(config, "revocation_file", why)) != ERR_OK)
		return e;
	return revocations_publish(db, config->revocation_file, why);
}
