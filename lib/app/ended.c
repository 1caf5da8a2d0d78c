#include "app/ended.h"

#include "app/config.h"
#include "auth/revocations_publish.h"
#include "base/log.h"

enum err
ended_publish(struct app *app)
{
	const char *path = app->config->revocation_file;
	struct why why = { "" };
	enum err e;

	if (path == NULL)
		return ERR_OK;
	e = revocations_publish(app->db, path, &why);
	if (e != ERR_OK)
		LOG(LOG_ERROR, "revocation_failed", { "error", str_of(err_text(e)) },
		    { "why", str_of(why.text) });
	return e;
}
