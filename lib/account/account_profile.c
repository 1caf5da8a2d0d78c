/*
 * GET and POST /account/profile: the name that the pages show for the person, and
 * their language.
 */
#include "account/account.h"

#include "access/urls.h"
#include "base/log.h"
#include "config/config.h"
#include "page/language_cookie.h"
#include "page/page_power.h"
#include "serve/power_database.h"

#define OPTION_FIELDS 3

/* The content of the form, and what is wrong with it (a phrase; NULL: nothing). */
struct entry {
	struct str display_name, language;
	const char *problem;
};

/* The languages to choose from, in the form for the template. */
struct options {
	struct template_field fields[LANGUAGES_MAX][OPTION_FIELDS];
	struct template_scope scopes[LANGUAGES_MAX];
	size_t n;
};

static void
list_languages(const struct languages *languages, struct str chosen, struct options *o)
{
	o->n = languages->n > 1 ? languages->n : 0;
	for (size_t i = 0; i < o->n; i++) {
		const struct language *l = &languages->all[i];
		struct template_field *f = o->fields[i];

		f[0] = (struct template_field){ "tag", TEMPLATE_TEXT,
						.text = str_of(l->tag) };
		f[1] = (struct template_field){ "label", TEMPLATE_TEXT,
						.text = language_name(l) };
		f[2] = (struct template_field){ "chosen", TEMPLATE_FLAG,
						.on = str_is(chosen, l->tag) };
		o->scopes[i] = (struct template_scope){ f, OPTION_FIELDS };
	}
}

static void
send(struct app *app, const struct request *req, struct response *res,
     const struct visit *v, const struct entry *entry)
{
	struct options options;
	struct why why = { "" };
	struct page page;
	struct buf token;
	enum err e;

	buf_init(&token, 256);
	list_languages(&app_pages(app)->languages, entry->language, &options);
	if ((e = account_page(app, req, v, "profile", &token, &page)) == ERR_OK) {
		page_phrase(&page, "problem", entry->problem);
		page_text(&page, "display_name", entry->display_name);
		page_flag(&page, "has_languages", options.n > 0);
		page_list(&page, "languages", options.scopes, options.n);
		page_send(&page, entry->problem == NULL ? 200 : 422, res);
	} else {
		account_unavailable(app, req, res, e, &why);
	}
	buf_done(&token);
}

void
account_profile_show(struct app *app, const struct request *req, struct response *res,
		     const struct visit *v)
{
	const struct account *a = account_of(v);
	const struct entry entry = { str_of(a->display_name), str_of(a->language), NULL };

	send(app, req, res, v, &entry);
}

void
account_profile_post(struct app *app, const struct request *req, struct response *res,
		     const struct visit *v)
{
	const struct profiles_who who = account_who(app, req, v);
	struct entry entry = { .problem = NULL };
	struct why why = { "" };
	bool done = false;
	enum err e;

	form_find(v->form, "display_name", &entry.display_name);
	form_find(v->form, "language", &entry.language);
	entry.display_name = str_trim(entry.display_name);
	if (languages_find(&app_pages(app)->languages, entry.language) == NULL)
		entry.language = STR("");
	e = profiles_set(app_db(app), &who, entry.display_name, entry.language, &done,
			 &why);
	if (e == ERR_SYNTAX) {
		entry.problem = "profile.invalid";
		send(app, req, res, v, &entry);
	} else if (e != ERR_OK) {
		account_unavailable(app, req, res, e, &why);
	} else if (!done) {
		account_over(app, req, res);
	} else {
		LOG(LOG_INFO, "profile_changed", { "user", v->who.name },
		    { "address", who.address });
		language_cookie_give(app->config, req, res, entry.language);
		response_see_other(res, STR(URL_ACCOUNT "?done=profile"));
	}
}
