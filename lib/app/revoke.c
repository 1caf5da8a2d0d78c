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

bool
revoke_holds(const struct config *config, struct str sids)
{
	return config->revocation && config->revocation_file != NULL &&
	       revocations_hold(config->revocation_file, sids);
}

enum err
revoke_ensure(const struct config *config, struct db *db, const struct buf *sids,
	      struct why *why)
{
	if (!sids->failed && (sids->n == 0 || revoke_holds(config, buf_str(sids))))
		return ERR_OK;
	return revoke_publish(config, db,
			      why); /* also of more sids than there is room for */
}
