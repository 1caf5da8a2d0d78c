#include "account/account.h"

#include <stdio.h>
#include <stdlib.h>

#include "access/access.h"
#include "access/client.h"
#include "access/csrf.h"
#include "access/urls.h"
#include "base/log.h"
#include "base/text.h"
#include "config/config.h"
#include "page/hearers.h"
#include "page/page_power.h"
#include "serve/power_database.h"
#include "serve/power_session.h"
#include "serve/serve.h"
#include "template/escape.h"

void
account_unavailable(struct app *app, const struct request *req, struct response *res,
		    enum err e, const struct why *why)
{
	LOG(LOG_ERROR, "account_unavailable", { "error", str_of(err_text(e)) },
	    { "why", str_of(why->text) });
	serve_unavailable(app, req, res, e);
}

const struct account *
account_of(const struct visit *visit)
{
	return visit->found;
}

struct profiles_who
account_who(const struct app *app, const struct request *req, const struct visit *visit)
{
	return (struct profiles_who){ .user = visit->who.claims->sub,
				      .sid = visit->who.claims->sid,
				      .address = client_address(app, req) };
}

void
account_over(struct app *app, const struct request *req, struct response *res)
{
	access_refuse(app, req, res, ACCESS_INVALID, true);
}

/* The token's session, as the database knows it now. */
static enum err
find_account(struct app *app, struct visit *visit, bool *found, struct why *why)
{
	const struct claims *c = visit->who.claims;

	*found = false;
	if (c->sub.n != UUID_SIZE - 1 || c->sid.n != UUID_SIZE - 1)
		return ERR_OK;
	if ((visit->found = calloc(1, sizeof(struct account))) == NULL)
		return why_set(why, ERR_MEMORY, "no memory for the account");
	return accounts_find(app_db(app), c->sub, c->sid, visit->found, found, why);
}

/*
 * The session is over, but its token was accepted: the request that ended it may have
 * failed before the verifiers were told.
 */
static enum err
tell_again(struct app *app, struct str sid, struct why *why)
{
	struct session_hearers hearers = hearers_of(app->config, app_db(app));
	struct buf sids;
	enum err e = ERR_OK;

	buf_init(&sids, UUID_SIZE);
	buf_add(&sids, sid);
	if (hearers.revocation_file != NULL)
		e = session_end(&hearers, SESSION_END_BEFORE, &sids, why);
	buf_done(&sids);
	return e;
}

bool
account_owner(struct app *app, const struct request *req, struct response *res,
	      struct visit *visit)
{
	struct why why = { "" };
	bool found;
	enum err e;

	if (!access_require_form(app, req, res, &visit->who))
		return false;
	e = find_account(app, visit, &found, &why);
	if (e == ERR_OK && !found)
		e = tell_again(app, visit->who.claims->sid, &why);
	if (e != ERR_OK)
		account_unavailable(app, req, res, e, &why);
	else if (!found)
		access_refuse(app, req, res, ACCESS_INVALID, true);
	return e == ERR_OK && found;
}

bool
account_form_token(struct app *app, const struct request *req, struct response *res,
		   struct visit *visit)
{
	struct str token;

	form_find(visit->form, "form_token", &token);
	if (csrf_check(app_secret(app), ACCOUNT_FORM_PURPOSE, visit->who.claims->sid,
		       app->now, token) == VERDICT_ALLOW)
		return true;
	LOG(LOG_WARN, "form_refused", { "reason", STR("token") },
	    { "user", visit->who.name }, { "address", client_address(app, req) });
	serve_error(app, req, res, 403, "stale_form",
		    "the form's token is missing, too old or not of this session");
	return false;
}

static bool
is_recent(const struct app *app, int64_t time)
{
	return app->now - time <= app->config->fresh_login;
}

/* Lead to the login, and then back. */
static void
lead(struct response *res, const char *login, struct str return_to)
{
	struct buf location;

	buf_init(&location, 512);
	buf_addz(&location, login);
	escape_url(&location, return_to);
	response_see_other(res, buf_str(&location));
	buf_done(&location);
}

bool
account_is_fresh_for(struct app *app, struct response *res, const struct visit *visit,
		     struct str return_to)
{
	if (is_recent(app, account_of(visit)->session.opened_at))
		return true;
	lead(res, URL_LOGIN_FRESH, return_to);
	return false;
}

bool
account_is_fresh(struct app *app, const struct request *req, struct response *res,
		 struct visit *visit)
{
	struct str back;
	struct buf path;
	bool fresh;

	buf_init(&path, 512);
	buf_addz(&path, URL_ACCOUNT);
	buf_add(&path, req->path);
	back = path.failed ? STR(URL_ACCOUNT) : buf_str(&path);
	fresh = account_is_fresh_for(app, res, visit, back);
	buf_done(&path);
	return fresh;
}

static bool
is_proven_for(struct app *app, struct response *res, const struct visit *visit,
	      struct str return_to)
{
	const struct account *a = account_of(visit);

	if (!account_is_fresh_for(app, res, visit, return_to))
		return false;
	if (a->ways == 0 || is_recent(app, a->factor_at))
		return true;
	lead(res, URL_LOGIN_PROVE, return_to);
	return false;
}

const char *
account_token_way(const struct app *app, const struct visit *visit)
{
	const struct account *a = account_of(visit);

	if (!is_recent(app, a->session.auth_time))
		return URL_LOGIN_FRESH URL_ACCOUNT_TOKENS;
	if (a->ways != 0 && !is_recent(app, a->factor_at))
		return URL_LOGIN_PROVE URL_ACCOUNT_TOKENS;
	return NULL;
}

bool
account_is_proven(struct app *app, const struct request *req, struct response *res,
		  struct visit *visit)
{
	struct str id, back = STR(URL_ACCOUNT_FACTORS);
	char page[sizeof(URL_ACCOUNT_FACTOR) + UUID_SIZE + 8];

	(void)req;
	if (form_find(visit->form, "id", &id) == FORM_ONE &&
	    (text_is_uuid(id) || str_is(id, ACCOUNT_FACTOR_APP))) {
		snprintf(page, sizeof(page), URL_ACCOUNT_FACTOR "?id=%.*s", STR_ARG(id));
		back = str_of(page);
	}
	return is_proven_for(app, res, visit, back);
}

bool
account_may_set_password(struct app *app, const struct request *req, struct response *res,
			 struct visit *visit)
{
	if (account_of(visit)->has_password)
		return account_is_fresh(app, req, res, visit);
	return is_proven_for(app, res, visit, STR(URL_ACCOUNT_PASSWORD));
}

enum err
account_page(struct app *app, const struct request *req, const struct visit *v,
	     const char *name, struct buf *token, struct page *page)
{
	enum err e = csrf_issue(app_secret(app), ACCOUNT_FORM_PURPOSE, v->who.claims->sid,
				app->now, token);

	app_page(app, req, name, page);
	page_text(page, "form_token", buf_str(token));
	page_text(page, "username", str_of(account_of(v)->session.name));
	return e;
}
