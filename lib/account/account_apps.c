/* GET and POST /account/apps: the programs that a person has let in with this account. */
#include "account/account.h"

#include <stdlib.h>

#include "access/urls.h"
#include "base/log.h"
#include "client/client_row.h"
#include "page/hearers.h"
#include "page/scope_list.h"
#include "serve/power_database.h"
#include "serve/serve.h"
#include "store/oauth/apps.h"

#define APP_FIELDS 6
#define APPS_SHOWN 200

/* One of them in the form for the template. The words are stored here. */
struct row {
	struct template_field fields[APP_FIELDS];
	struct scope_list scopes;
	struct moment since, used;
};

static struct template_field
text(const char *name, struct str value)
{
	return (struct template_field){ name, TEMPLATE_TEXT, .text = value };
}

static struct template_field
flag(const char *name, bool on)
{
	return (struct template_field){ name, TEMPLATE_FLAG, .on = on };
}

/* That an app keeps its access is said beside what it may know. */
static void
fill(struct row *row, const struct db_rows *rows, size_t i)
{
	struct template_field *f = row->fields;

	scope_list_fill(&row->scopes, client_scope_read(db_str(rows, i, APPS_SCOPES)) &
					      ~CLIENT_SCOPE_OFFLINE);
	*f++ = text("id", db_str(rows, i, APPS_CLIENT));
	*f++ = text("app", db_str(rows, i, APPS_NAME));
	*f++ = (struct template_field){ "scopes", TEMPLATE_LIST,
					.items = row->scopes.items,
					.n_items = row->scopes.n };
	*f++ = moment_field("since", db_int(rows, i, APPS_GIVEN_AT), &row->since);
	*f++ = db_is_null(rows, i, APPS_USED_AT)
		       ? flag("used", false)
		       : moment_field("used", db_int(rows, i, APPS_USED_AT), &row->used);
	*f++ = flag("stays", db_bool(rows, i, APPS_OFFLINE));
}

/* What was just done, as the address after a form says. */
static const char *
notice_of(struct str query)
{
	return str_is(query, "done=ended") ? "apps.done_ended" : NULL;
}

static void
send(struct app *app, const struct request *req, struct response *res,
     const struct visit *v, const struct template_scope *apps, size_t n)
{
	struct why why = { "" };
	struct page page;
	struct buf token;
	enum err e;

	buf_init(&token, 256);
	if ((e = account_page(app, req, v, "apps", &token, &page)) == ERR_OK) {
		page_phrase(&page, "notice", notice_of(req->query));
		page_list(&page, "apps", apps, n);
		page_flag(&page, "has_apps", n > 0);
		page_send(&page, 200, res);
	} else {
		account_unavailable(app, req, res, e, &why);
	}
	buf_done(&token);
}

static enum err
show(struct app *app, const struct request *req, struct response *res,
     const struct visit *v, const struct db_rows *rows)
{
	size_t n = db_count(rows) < APPS_SHOWN ? db_count(rows) : APPS_SHOWN;
	struct template_scope *scopes = calloc(n + 1, sizeof(*scopes));
	struct row *words = calloc(n + 1, sizeof(*words));
	enum err e = scopes == NULL || words == NULL ? ERR_MEMORY : ERR_OK;

	for (size_t i = 0; i < n && e == ERR_OK; i++) {
		fill(&words[i], rows, i);
		scopes[i] = (struct template_scope){ words[i].fields, APP_FIELDS };
	}
	if (e == ERR_OK)
		send(app, req, res, v, scopes, n);
	free(scopes);
	free(words);
	return e;
}

void
account_apps_show(struct app *app, const struct request *req, struct response *res,
		  const struct visit *v)
{
	struct db_rows *rows = NULL;
	struct why why = { "" };
	enum err e = apps_list(app_db(app), v->who.claims->sub, &rows, &why);

	if (e == ERR_OK)
		e = show(app, req, res, v, rows);
	if (e != ERR_OK)
		account_unavailable(app, req, res, e, &why);
	db_rows_free(rows);
}

/* What was taken back already is what was wanted, and the verifiers are told once more. */
static enum err
take_back(struct app *app, const struct request *req, const struct visit *v,
	  struct str client, struct why *why)
{
	struct session_hearers hearers = hearers_of(app->config, app_db(app));
	struct profiles_who who = account_who(app, req, v);
	int64_t ended = 0;
	enum err e = session_end_prepare(&hearers, why);

	if (e == ERR_OK)
		e = apps_withdraw(app_db(app), who.user, client, who.address, &ended,
				  why);
	if (e == ERR_OK)
		e = session_end(&hearers, SESSION_END_USER, NULL, why);
	if (e == ERR_OK)
		LOG(LOG_INFO, "app_taken_back", { "user", v->who.name },
		    { "client", client }, { "ended", ended > 0 ? STR("yes") : STR("no") },
		    { "address", who.address });
	return e;
}

void
account_apps_post(struct app *app, const struct request *req, struct response *res,
		  const struct visit *v)
{
	struct why why = { "" };
	struct str client;
	enum err e;

	if (form_find(v->form, "client", &client) != FORM_ONE ||
	    !client_id_is_valid(client)) {
		serve_error(app, req, res, 400, "invalid_request",
			    "the form names no app to take back");
		return;
	}
	if ((e = take_back(app, req, v, client, &why)) == ERR_OK)
		response_see_other(res, STR(URL_ACCOUNT_APPS "?done=ended"));
	else
		account_unavailable(app, req, res, e, &why);
}
