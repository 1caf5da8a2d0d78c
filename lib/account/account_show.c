#include "account/account.h"

#include <stdio.h>
#include <stdlib.h>

#include "config/config.h"
#include "page/agent.h"
#include "page/by_phrase.h"
#include "page/phrases.h"
#include "serve/power_database.h"
#include "store/ways.h"

#define SESSIONS_SHOWN 100

/* Columns of accounts_sessions. */
enum {
	COLUMN_ID,
	COLUMN_SID,
	COLUMN_OPENED,
	COLUMN_USED,
	COLUMN_ADDRESS,
	COLUMN_AGENT,
	COLUMN_REMEMBER,
	COLUMN_AMR,
	COLUMN_FACTOR_AT
};

#define SESSION_FIELDS 13

/* One session in the form for the template. The words are stored here. */
struct row {
	struct template_field fields[SESSION_FIELDS];
	struct counted_phrase used;
	struct moment used_at, since, proven;
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

static struct template_field
phrase(const char *name, const char *key)
{
	return (struct template_field){ name, TEMPLATE_PHRASE,
					.text = key != NULL ? str_of(key) : STR("") };
}

static void
fill(struct row *row, const struct db_rows *rows, size_t i, struct str sid, int64_t now)
{
	struct agent agent = agent_read(db_str(rows, i, COLUMN_AGENT));
	int64_t opened = db_int(rows, i, COLUMN_OPENED);
	int64_t factor = db_int(rows, i, COLUMN_FACTOR_AT);
	struct template_field *f = row->fields;

	row->used = phrases_ago(now - db_int(rows, i, COLUMN_USED));
	*f++ = text("id", db_str(rows, i, COLUMN_ID));
	*f++ = text("browser", agent.browser);
	*f++ = text("system", agent.system);
	*f++ = text("address", db_str(rows, i, COLUMN_ADDRESS));
	*f++ = moment_field("since", opened, &row->since);
	*f++ = phrase("by", by_phrase(db_str(rows, i, COLUMN_AMR)));
	*f++ = factor > opened ? moment_field("proven", factor, &row->proven)
			       : flag("proven", false);
	*f++ = moment_field("used_at", db_int(rows, i, COLUMN_USED), &row->used_at);
	*f++ = phrase("used", row->used.phrase);
	*f++ = text("count", str_of(row->used.count));
	*f++ = flag("this_one", str_eq(db_str(rows, i, COLUMN_SID), sid));
	*f++ = flag("both", agent.browser.n > 0 && agent.system.n > 0);
	*f++ = flag("neither", agent.browser.n == 0 && agent.system.n == 0);
}

/* What was just done, as the address after a form says. */
static const char *
notice_of(struct str query)
{
	static const char *const done[][2] = {
		{ "done=ended", "account.done_ended" },
		{ "done=others", "account.done_others" },
		{ "done=password", "account.done_password" },
		{ "done=profile", "account.done_profile" },
		{ "done=address", "account.done_address" },
		{ "again=data", "account.again_data" },
		{ "again=others", "account.again_others" },
	};

	for (size_t i = 0; i < sizeof(done) / sizeof(*done); i++) {
		if (str_is(query, done[i][0]))
			return done[i][1];
	}
	return NULL;
}

static void
add_profile(const struct app *app, const struct account *a, struct page *page)
{
	bool has_mail = config_has_mail(app->config), has_address = a->address[0] != '\0';

	page_text(page, "display_name", str_of(a->display_name));
	page_flag(page, "mail_shown", has_mail || has_address);
	page_text(page, "mail", str_of(a->address));
	page_flag(page, "unproved", has_address && !a->address_verified);
	page_text(page, "wanted", str_of(a->address_wanted));
	page_flag(page, "has_mail", has_mail);
}

static void
add_ways(const struct account *a, struct page *page, struct moment *password)
{
	page_flag(page, "has_password", a->has_password);
	page_time(page, "password_since", a->password_at, password);
	page_flag(page, "has_passkeys", (a->ways & FACTORS_PASSKEY) != 0);
	page_flag(page, "has_app", (a->ways & FACTORS_TOTP) != 0);
	page_flag(page, "has_codes", (a->ways & FACTORS_RECOVERY) != 0);
	page_flag(page, "has_none", a->ways == 0);
}

/* A site that no app asks has nothing to show. */
static void
add_apps(const struct app *app, int64_t apps, struct page *page, char text[24])
{
	snprintf(text, 24, "%lld", (long long)apps);
	page_flag(page, "apps_shown", app->config->oauth || apps > 0);
	page_text(page, "apps", str_of(text));
}

static void
send(struct app *app, const struct request *req, struct response *res,
     const struct visit *v, const struct template_scope *sessions, size_t n)
{
	struct template_field role[CLAIMS_ROLES];
	struct template_scope roles[CLAIMS_ROLES];
	struct moment since, password;
	char tokens[24], apps[24];
	struct why why = { "" };
	struct page page;
	struct buf token;
	enum err e;

	buf_init(&token, 256);
	if ((e = account_page(app, req, v, "account", &token, &page)) == ERR_OK) {
		page_roles(&page, v->who.roles, v->who.n_roles, role, roles);
		add_profile(app, account_of(v), &page);
		page_time(&page, "since", account_of(v)->session.opened_at, &since);
		add_ways(account_of(v), &page, &password);
		snprintf(tokens, sizeof(tokens), "%lld",
			 (long long)account_of(v)->tokens);
		page_text(&page, "tokens", str_of(tokens));
		add_apps(app, account_of(v)->apps, &page, apps);
		page_phrase(&page, "notice", notice_of(req->query));
		page_flag(&page, "others", n > 1);
		page_list(&page, "sessions", sessions, n);
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
	size_t n = db_count(rows) < SESSIONS_SHOWN ? db_count(rows) : SESSIONS_SHOWN;
	struct template_scope *scopes = calloc(n + 1, sizeof(*scopes));
	struct row *words = calloc(n + 1, sizeof(*words));
	enum err e = scopes == NULL || words == NULL ? ERR_MEMORY : ERR_OK;

	for (size_t i = 0; i < n && e == ERR_OK; i++) {
		fill(&words[i], rows, i, v->who.claims->sid, app->now);
		scopes[i] = (struct template_scope){ words[i].fields, SESSION_FIELDS };
	}
	if (e == ERR_OK)
		send(app, req, res, v, scopes, n);
	free(scopes);
	free(words);
	return e;
}

void
account_show(struct app *app, const struct request *req, struct response *res,
	     const struct visit *v)
{
	struct db_rows *rows = NULL;
	struct why why = { "" };
	enum err e = accounts_sessions(app_db(app), v->who.claims->sub, &rows, &why);

	if (e == ERR_OK)
		e = show(app, req, res, v, rows);
	if (e != ERR_OK)
		account_unavailable(app, req, res, e, &why);
	db_rows_free(rows);
}
