/* GET and POST /account/factor: rename or remove a passkey, or remove the app. */
#include "account/account.h"

#include "access/client.h"
#include "access/urls.h"
#include "account/account_factor_list.h"
#include "base/log.h"
#include "base/text.h"
#include "config/config.h"
#include "config/config_factor.h"
#include "serve/power_database.h"
#include "serve/serve.h"
#include "store/factor/factors.h"

/* The form, and what is wrong with it (a phrase; NULL: nothing). */
struct entry {
	struct str id, name;
	int status;
	const char *problem;
};

static void
send_page(struct app *app, const struct request *req, struct response *res,
	  const struct visit *v, const struct account_factor *f,
	  const struct entry *entry)
{
	struct template_scope row = { f->fields, ACCOUNT_FACTOR_FIELDS };
	struct why why = { "" };
	struct page page;
	struct buf token;
	enum err e;

	buf_init(&token, 256);
	if ((e = account_page(app, req, v, "way", &token, &page)) == ERR_OK) {
		page_phrase(&page, "problem", entry->problem);
		page_flag(&page, "name_invalid", entry->status == 422);
		page_flag(&page, "is_app", f->is_app);
		page_flag(&page, "is_passkey", !f->is_app);
		page_text(&page, "name", entry->name);
		page_list(&page, "factor", &row, 1);
		page_send(&page, entry->status, res);
	} else {
		account_unavailable(app, req, res, e, &why);
	}
	buf_done(&token);
}

/* With what is stored, and lead to the list if it is not there. */
static void
send(struct app *app, const struct request *req, struct response *res,
     const struct visit *v, struct entry *entry)
{
	const struct account_factor *f;
	struct account_factor_list *list;
	struct why why = { "" };
	enum err e;

	list = account_factor_list_new(app_db(app), v->who.claims->sub,
				       str_of(app->config->passkey_rp_id), &e, &why);
	if (list == NULL) {
		account_unavailable(app, req, res, e, &why);
		return;
	}
	f = account_factor_list_find(list, entry->id);
	if (f != NULL && entry->status != 422)
		entry->name = f->name;
	if (f != NULL)
		send_page(app, req, res, v, f, entry);
	else
		response_see_other(res, STR(URL_ACCOUNT_FACTORS "?done=gone"));
	account_factor_list_free(list);
}

void
account_factor_show(struct app *app, const struct request *req, struct response *res,
		    const struct visit *v)
{
	struct entry entry = { .status = 200 };

	form_find(v->form, "id", &entry.id);
	send(app, req, res, v, &entry);
}

static struct factors_by
by_session(const struct app *app, const struct request *req, const struct visit *v)
{
	return (struct factors_by){ .who = { .user = v->who.claims->sub,
					     .sid = v->who.claims->sid,
					     .address = client_address(app, req) },
				    .fresh = app->config->fresh_login,
				    .mail = config_has_mail(app->config) };
}

/* `done`: the address after success. */
static void
answer(struct app *app, const struct request *req, struct response *res,
       const struct visit *v, struct entry *entry, enum factors_set set, struct str done)
{
	switch (set) {
	case FACTORS_SET_OK:
		response_see_other(res, done);
		return;
	case FACTORS_SET_UNKNOWN:
		response_see_other(res, STR(URL_ACCOUNT_FACTORS "?done=gone"));
		return;
	case FACTORS_SET_STALE: /* it became so since the check of the row */
		response_see_other(res, STR(URL_ACCOUNT_FACTORS));
		return;
	case FACTORS_SET_NAME:
		entry->status = 422;
		entry->problem = "way.bad_name";
		break;
	case FACTORS_SET_LAST:
		entry->status = 409;
		entry->problem = "way.last";
		break;
	case FACTORS_SET_REQUIRED:
		entry->status = 409;
		entry->problem = "way.required";
		break;
	default:
		account_over(app, req, res);
		return;
	}
	send(app, req, res, v, entry);
}

static void
rename_it(struct app *app, const struct request *req, struct response *res,
	  const struct visit *v, struct entry *entry)
{
	const struct factors_by who = by_session(app, req, v);
	enum factors_set set;
	struct why why = { "" };
	enum err e =
		factors_rename(app_db(app), &who, entry->id, entry->name, &set, &why);

	if (e != ERR_OK) {
		account_unavailable(app, req, res, e, &why);
		return;
	}
	if (set == FACTORS_SET_OK)
		LOG(LOG_INFO, "factor_renamed", { "user", v->who.name },
		    { "address", who.who.address });
	answer(app, req, res, v, entry, set, STR(URL_ACCOUNT_FACTORS "?done=renamed"));
}

static void
remove_it(struct app *app, const struct request *req, struct response *res,
	  const struct visit *v, struct entry *entry)
{
	const struct factors_by who = by_session(app, req, v);
	bool is_app = str_is(entry->id, ACCOUNT_FACTOR_APP);
	struct str need[CONFIG_LIST_MAX];
	size_t n = config_factor_need(app->config, app->now, need);
	enum factors_set set;
	struct why why = { "" };
	enum err e =
		factors_remove(app_db(app), &who, is_app ? FACTORS_TOTP : FACTORS_PASSKEY,
			       is_app ? STR("") : entry->id, need, n, &set, &why);

	if (e != ERR_OK) {
		account_unavailable(app, req, res, e, &why);
		return;
	}
	if (set == FACTORS_SET_OK)
		LOG(LOG_INFO, "factor_removed", { "user", v->who.name },
		    { "what", is_app ? STR("totp") : STR("passkey") },
		    { "address", who.who.address });
	answer(app, req, res, v, entry, set, STR(URL_ACCOUNT_FACTORS "?done=removed"));
}

void
account_factor_post(struct app *app, const struct request *req, struct response *res,
		    const struct visit *v)
{
	struct entry entry = { .status = 200 };
	bool is_passkey;
	struct str what;

	form_find(v->form, "do", &what);
	form_find(v->form, "id", &entry.id);
	form_find(v->form, "name", &entry.name);
	entry.name = str_trim(entry.name);
	is_passkey = text_is_uuid(entry.id);
	if (str_is(what, "rename") && is_passkey)
		rename_it(app, req, res, v, &entry);
	else if (str_is(what, "remove") &&
		 (is_passkey || str_is(entry.id, ACCOUNT_FACTOR_APP)))
		remove_it(app, req, res, v, &entry);
	else
		serve_error(app, req, res, 400, "invalid_request",
			    "the form does not say what is to be done with which factor");
}
