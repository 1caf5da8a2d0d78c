/* GET and POST /account/tokens: a person's tokens for programs. */
#include "account/account.h"

#include <stdlib.h>

#include "access/urls.h"
#include "base/log.h"
#include "base/text.h"
#include "config/config.h"
#include "page/hearers.h"
#include "page/token_form_list.h"
#include "serve/power_database.h"
#include "serve/serve.h"
#include "store/program/programs.h"

/* Columns of programs_list. */
enum {
	COLUMN_ID,
	COLUMN_LABEL,
	COLUMN_ROLES,
	COLUMN_PREFIX,
	COLUMN_CREATED,
	COLUMN_EXPIRES
};

#define TOKEN_FIELDS 6
#define TOKENS_SHOWN 200

/* One token in the form for the template. The words are stored here. */
struct row {
	struct template_field fields[TOKEN_FIELDS];
	struct moment made, until;
};

static struct template_field
text(const char *name, struct str value)
{
	return (struct template_field){ name, TEMPLATE_TEXT, .text = value };
}

static void
fill(struct row *row, const struct db_rows *rows, size_t i)
{
	struct template_field *f = row->fields;

	*f++ = text("id", db_str(rows, i, COLUMN_ID));
	*f++ = text("token", db_str(rows, i, COLUMN_LABEL));
	*f++ = text("rights", db_str(rows, i, COLUMN_ROLES));
	*f++ = text("below", db_str(rows, i, COLUMN_PREFIX));
	*f++ = moment_field("made", db_int(rows, i, COLUMN_CREATED), &row->made);
	*f++ = moment_field("until", db_int(rows, i, COLUMN_EXPIRES), &row->until);
}

/* What was just done, as the address after a form says. */
static const char *
notice_of(struct str query)
{
	return str_is(query, "done=ended") ? "tokens.done_ended" : NULL;
}

/* The choice of roles is what the user has now, not what the cookie's token says. */
static void
send(struct app *app, const struct request *req, struct response *res,
     const struct visit *v, const struct template_scope *scopes, size_t n)
{
	const struct token_problem none = { .status = 200 };
	const char *way = account_token_way(app, v);
	struct token_form form;
	struct why why = { "" };
	struct page page;
	struct buf token;
	enum err e;

	buf_init(&token, 256);
	if ((e = account_page(app, req, v, "tokens", &token, &page)) == ERR_OK) {
		page_phrase(&page, "notice", notice_of(req->query));
		page_list(&page, "tokens", scopes, n);
		page_flag(&page, "has_tokens", n > 0);
		page_flag(&page, "may_make", way == NULL);
		page_text(&page, "again", str_of(way));
		token_form_put(&page, &form, app->config,
			       str_of(account_of(v)->session.roles), NULL, &none);
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
	size_t n = db_count(rows) < TOKENS_SHOWN ? db_count(rows) : TOKENS_SHOWN;
	struct template_scope *scopes = calloc(n + 1, sizeof(*scopes));
	struct row *words = calloc(n + 1, sizeof(*words));
	enum err e = scopes == NULL || words == NULL ? ERR_MEMORY : ERR_OK;

	for (size_t i = 0; i < n && e == ERR_OK; i++) {
		fill(&words[i], rows, i);
		scopes[i] = (struct template_scope){ words[i].fields, TOKEN_FIELDS };
	}
	if (e == ERR_OK)
		send(app, req, res, v, scopes, n);
	free(scopes);
	free(words);
	return e;
}

void
account_tokens_show(struct app *app, const struct request *req, struct response *res,
		    const struct visit *v)
{
	struct db_rows *rows = NULL;
	struct why why = { "" };
	enum err e = programs_list(app_db(app), v->who.claims->sub, &rows, &why);

	if (e == ERR_OK)
		e = show(app, req, res, v, rows);
	if (e != ERR_OK)
		account_unavailable(app, req, res, e, &why);
	db_rows_free(rows);
}

/* One that was over already is what was wanted, and the verifiers are told once more. */
static enum err
end(struct app *app, const struct request *req, const struct visit *v, struct str id,
    struct why *why)
{
	struct session_hearers hearers = hearers_of(app->config, app_db(app));
	struct profiles_who who = account_who(app, req, v);
	bool ended = false;
	enum err e = session_end_prepare(&hearers, why);

	if (e == ERR_OK)
		e = programs_end(app_db(app), who.user, id, who.address, &ended, why);
	if (e == ERR_OK)
		e = session_end(&hearers, SESSION_END_USER, NULL, why);
	if (e == ERR_OK)
		LOG(LOG_INFO, "token_ended", { "user", v->who.name }, { "sid", id },
		    { "ended", ended ? STR("yes") : STR("no") },
		    { "address", who.address });
	return e;
}

void
account_tokens_post(struct app *app, const struct request *req, struct response *res,
		    const struct visit *v)
{
	struct why why = { "" };
	struct str id;
	enum err e;

	if (form_find(v->form, "token", &id) != FORM_ONE || !text_is_uuid(id)) {
		serve_error(app, req, res, 400, "invalid_request",
			    "the form names no token to end");
		return;
	}
	if ((e = end(app, req, v, id, &why)) == ERR_OK)
		response_see_other(res, STR(URL_ACCOUNT_TOKENS "?done=ended"));
	else
		account_unavailable(app, req, res, e, &why);
}
