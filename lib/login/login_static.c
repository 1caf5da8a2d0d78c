/* Answers that are the same for everybody: stylesheet, icon, logo, health. */
#include "login/login_handlers.h"

#include "access/urls.h"
#include "base/log.h"
#include "db/db.h"
#include "page/page.h"
#include "page/page_power.h"
#include "serve/power_database.h"
#include "serve/power_sign.h"
#include "serve/serve.h"
#include "token/token.h"

#define FOR_EVER "public, max-age=31536000, immutable"

void
login_asset(struct app *app, const struct request *req, struct response *res,
	    const struct visit *visit)
{
	const struct look_file *file;
	struct buf url;

	(void)visit;
	buf_init(&url, 256);
	buf_addz(&url, URL_LOGIN);
	buf_add(&url, req->path);
	file = look_find(&app_pages(app)->look, buf_str(&url));
	buf_done(&url);
	if (file == NULL) {
		serve_error(app, req, res, 404, "not_found", "there is nothing here");
		return;
	}
	response_header(res, "Cache-Control", STR(FOR_EVER));
	response_send(res, 200, file->type, file->bytes);
}

void
login_health(struct app *app, const struct request *req, struct response *res,
	     const struct visit *visit)
{
	struct why why = { "" };
	enum err e = db_query(app_db(app), "SELECT 1", NULL, NULL, &why);

	(void)visit;
	if (e == ERR_OK && signer_key(app_signer(app), app->now, &why) == NULL)
		e = ERR_NOT_FOUND;
	if (e == ERR_OK) {
		response_json(res, 200, STR("{\"status\":\"ok\"}"));
		return;
	}
	LOG(LOG_ERROR, "unhealthy", { "error", str_of(err_text(e)) },
	    { "why", str_of(why.text) });
	serve_error(app, req, res, 503, "temporarily_unavailable",
		    "logging in is not possible at the moment");
}
