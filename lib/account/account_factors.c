/* GET /account/factors: by what a person signs in. */
#include "account/account.h"

#include <stdio.h>

#include "account/account_factor_list.h"
#include "config/config.h"
#include "serve/power_database.h"

/* What was just done, as the address after a form says. */
static const char *
notice_of(struct str query)
{
	static const char *const done[][2] = {
		{ "done=removed", "factors.done_removed" },
		{ "done=renamed", "factors.done_renamed" },
		{ "done=gone", "factors.done_gone" },
	};

	for (size_t i = 0; i < sizeof(done) / sizeof(*done); i++) {
		if (str_is(query, done[i][0]))
			return done[i][1];
	}
	return NULL;
}

static void
send(struct app *app, const struct request *req, struct response *res,
     const struct visit *v, const struct account_factor_list *list)
{
	const struct account *a = account_of(v);
	struct moment password, codes_used;
	struct template_scope app_row;
	struct why why = { "" };
	struct page page;
	struct buf token;
	char left[24];
	enum err e;

	buf_init(&token, 256);
	snprintf(left, sizeof(left), "%lld", (long long)list->codes);
	if (list->app != NULL)
		app_row = (struct template_scope){ list->app->fields,
						   ACCOUNT_FACTOR_FIELDS };
	if ((e = account_page(app, req, v, "factors", &token, &page)) == ERR_OK) {
		page_phrase(&page, "notice", notice_of(req->query));
		page_flag(&page, "has_password", a->has_password);
		page_time(&page, "password_since", a->password_at, &password);
		page_flag(&page, "has_passkeys", list->n_passkeys > 0);
		page_list(&page, "passkeys", list->passkeys, list->n_passkeys);
		page_flag(&page, "has_app", list->app != NULL);
		page_list(&page, "app", &app_row, list->app != NULL);
		page_flag(&page, "has_codes", list->n > 0);
		page_text(&page, "left", str_of(left));
		if (list->codes_used_at != 0)
			page_time(&page, "codes_used", list->codes_used_at, &codes_used);
		else
			page_flag(&page, "codes_used", false);
		page_send(&page, 200, res);
	} else {
		account_unavailable(app, req, res, e, &why);
	}
	buf_done(&token);
}

void
account_factors_show(struct app *app, const struct request *req, struct response *res,
		     const struct visit *v)
{
	struct account_factor_list *list;
	struct why why = { "" };
	enum err e;

	list = account_factor_list_new(app_db(app), v->who.claims->sub,
				       str_of(app->config->passkey_rp_id), &e, &why);
	if (list != NULL)
		send(app, req, res, v, list);
	else
		account_unavailable(app, req, res, e, &why);
	account_factor_list_free(list);
}
