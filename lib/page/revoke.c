#include "page/revoke.h"

#include "people/revocations_publish.h"

static enum err
write_with(enum err (*write)(struct db *db, const char *path, struct why *why),
	   const struct config *config, struct db *db, struct why *why)
{
	enum err e;

	if (!config->revocation)
		return ERR_OK;
	if ((e = config_need(config, "revocation_file", why)) != ERR_OK)
		return e;
	return write(db, config->revocation_file, why);
}

enum err
revoke_publish(const struct config *config, struct db *db, struct why *why)
{
	return write_with(revocations_publish, config, db, why);
}

enum err
revoke_prepare(const struct config *config, struct db *db, struct why *why)
{
	return write_with(revocations_renew, config, db, why);
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
