/* GET and POST /account/delete: delete the account. */
#include "account/account.h"

#include "access/access.h"
#include "access/urls.h"
#include "base/log.h"
#include "config/config.h"
#include "page/hearers.h"
#include "page/known_device.h"
#include "serve/power_database.h"

static void
send_form(struct app *app, const struct request *req, struct response *res,
	  const struct visit *v, int status, const char *problem)
{
	struct why why = { "" };
	struct page page;
	struct buf token;
	enum err e;

	buf_init(&token, 256);
	if ((e = account_page(app, req, v, "delete", &token, &page)) == ERR_OK) {
		page_phrase(&page, "problem", problem);
		page_send(&page, status, res);
	} else {
		account_unavailable(app, req, res, e, &why);
	}
	buf_done(&token);
}

void
account_delete_show(struct app *app, const struct request *req, struct response *res,
		    const struct visit *v)
{
	send_form(app, req, res, v, 200, NULL);
}

/* Remove the cookies of a person who has no account any more. */
static void
drop_cookies(struct app *app, struct response *res)
{
	struct cookie access = access_cookie(app->config);
	struct cookie device = known_device_cookie(app->config);

	cookie_drop(res, &access);
	cookie_drop(res, &device);
}

static enum err
erase(struct app *app, const struct visit *v, const struct profiles_who *who,
      enum profiles_deleted *outcome, struct why *why)
{
	struct session_hearers hearers = hearers_of(app->config, app_db(app));
	enum err e = session_end_prepare(&hearers, why);

	if (e == ERR_OK)
		e = profiles_delete(app_db(app), who, config_has_mail(app->config),
				    outcome, why);
	if (e != ERR_OK || *outcome != PROFILES_DELETED_OK)
		return e;
	LOG(LOG_INFO, "user_deleted", { "sub", v->who.claims->sub });
	return session_end(&hearers, SESSION_END_DELETED, NULL, why);
}

void
account_delete_post(struct app *app, const struct request *req, struct response *res,
		    const struct visit *v)
{
	const struct profiles_who who = account_who(app, req, v);
	enum profiles_deleted outcome = PROFILES_DELETED_GONE;
	struct why why = { "" };
	struct str sure;
	enum err e;

	if (form_find(v->form, "sure", &sure) != FORM_ONE || !str_is(sure, "yes")) {
		send_form(app, req, res, v, 422, "delete.unsure");
		return;
	}
	e = erase(app, v, &who, &outcome, &why);
	if (e != ERR_OK) {
		/* the cookies stay: with them a second try tells the verifiers */
		account_unavailable(app, req, res, e, &why);
	} else if (outcome == PROFILES_DELETED_GONE) {
		account_over(app, req, res);
	} else if (outcome == PROFILES_DELETED_LAST) {
		send_form(app, req, res, v, 409, "delete.last_admin");
	} else {
		drop_cookies(app, res);
		response_see_other(res, STR(URL_ACCOUNT "/gone"));
	}
}
