#include "entry/login_asker.h"

#include "access/asking.h"
#include "base/log.h"
#include "config/config.h"
#include "serve/power_database.h"

enum err
login_asker_find(struct app *app, const struct request *req, struct str return_to,
		 struct request_origin *asker)
{
	unsigned char browser[ASKING_BROWSER_SIZE];
	struct why why = { "" };
	bool found = false;
	struct str id;
	enum err e;

	*asker = (struct request_origin){ .leads_to = "" };
	if (!app->config->oauth || !asking_id(return_to, &id))
		return ERR_OK;
	e = asking_browser(app, req, browser, &found);
	if (e == ERR_OK && found)
		e = request_origin_find(
			app_db(app), id,
			(struct str){ (const char *)browser, sizeof(browser) }, asker,
			&found, &why);
	if (e != ERR_OK)
		LOG(LOG_ERROR, "login_unavailable", { "error", str_of(err_text(e)) },
		    { "why", str_of(why.text) });
	return e;
}
