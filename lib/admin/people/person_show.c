/* GET /admin/person: everything about one person, and the forms that change it. */
#include "admin/people/person_parts.h"

#include <stdlib.h>

#include "access/urls.h"
#include "admin/people/person_list.h"
#include "config/config.h"
#include "serve/power_database.h"
#include "serve/serve.h"

/* All that the page is made from. */
struct shown {
	struct admin_person person;
	struct person_lists lists;
	struct admin_frame frame;
	struct moment created, password_at, last_login;
	struct template_field role_fields[ROLES_TYPED_MAX];
	struct template_scope role_scopes[ROLES_TYPED_MAX];
	struct str roles[ROLES_TYPED_MAX];
};

/* For page_time, which shows no time that has no form. */
static int64_t
time_or_none(int64_t seconds)
{
	return seconds != 0 ? seconds : INT64_MIN;
}

static void
add_facts(struct page *page, struct shown *s)
{
	const struct admin_person *p = &s->person;
	struct str words = str_of(p->roles);
	size_t n = 0;

	while (words.n > 0 && n < ROLES_TYPED_MAX)
		s->roles[n++] = str_cut(&words, ' ');
	page_text(page, "user", str_of(p->id));
	page_text(page, "seen", str_of(p->seen));
	page_text(page, "name", str_of(p->name));
	page_text(page, "display_name", str_of(p->display_name));
	page_text(page, "address", str_of(p->address));
	page_text(page, "wanted", str_of(p->address_wanted));
	page_flag(page, "unproved", p->address[0] != '\0' && p->address_verified_at == 0);
	page_flag(page, "disabled", p->disabled);
	page_flag(page, "throttled", p->throttled);
	page_flag(page, "has_password", p->has_password);
	page_roles(page, s->roles, n, s->role_fields, s->role_scopes);
	page_time(page, "created", p->created_at, &s->created);
	page_time(page, "password_since", time_or_none(p->password_at), &s->password_at);
	page_time(page, "last_login", time_or_none(p->last_login_at), &s->last_login);
}

/* A text of a form: as it was typed, or as it is. */
static struct str
typed_or(struct str typed, const char *stored)
{
	return typed.p != NULL ? typed : str_of(stored);
}

static void
add_forms(const struct app *app, struct page *page, const struct admin_person *p,
	  const struct person_view *view)
{
	bool by_mail = p->address_verified_at != 0 && config_has_mail(app->config);

	page_flag(page, "may", p->may);
	page_flag(page, "last", p->last);
	page_flag(page, "has_factor", p->ways != 0);
	page_flag(page, "reset_mailed", by_mail);
	page_flag(page, "reset_shown", p->address_verified_at == 0 && p->ways == 0);
	page_text(page, "typed_roles", typed_or(view->typed_roles, p->roles));
	page_text(page, "typed_name", typed_or(view->typed_name, p->name));
	page_text(page, "typed_display_name",
		  typed_or(view->typed_display_name, p->display_name));
	page_text(page, "typed_address", typed_or(view->typed_address, p->address));
	page_phrase(page, "problem", view->problem);
	page_flag(page, "roles_invalid", view->wrong == PERSON_FIELD_ROLES);
	page_flag(page, "name_invalid", view->wrong == PERSON_FIELD_NAME);
	page_flag(page, "display_name_invalid", view->wrong == PERSON_FIELD_DISPLAY_NAME);
	page_flag(page, "address_invalid", view->wrong == PERSON_FIELD_ADDRESS);
}

static enum err
send_page(struct app *app, const struct request *req, struct response *res,
	  const struct visit *v, const struct person_view *view, struct shown *s)
{
	struct page *page = &s->frame.page;
	enum err e = admin_page(app, req, v, "admin_person", &s->frame);

	if (e == ERR_OK) {
		add_facts(page, s);
		add_forms(app, page, &s->person, view);
		page_flag(page, "has_programs", s->lists.programs.n > 0);
		page_flag(page, "has_apps", s->lists.apps.n > 0);
		person_lists_add(&s->lists, page);
		page_send(page, view->status, res);
	}
	admin_frame_done(&s->frame);
	return e;
}

/* The person and the lists. `*found` false: there is none. */
static enum err
read_person(struct app *app, const struct visit *v, const struct person_view *view,
	    struct shown *s, bool *found, enum admin_refusal *refusal, struct why *why)
{
	struct str sid = v->who.claims->sid;
	enum err e = admin_person_find(app_db(app), sid, view->user, view->name,
				       &s->person, found, refusal, why);

	if (e == ERR_OK && *refusal == ADMIN_GRANTED && *found)
		e = person_lists_read(app_db(app), sid, str_of(s->person.id), app->now,
				      &s->lists, refusal, why);
	return e;
}

void
person_send(struct app *app, const struct request *req, struct response *res,
	    const struct visit *v, const struct person_view *view)
{
	enum admin_refusal refusal = ADMIN_NO_SESSION;
	struct shown *s = calloc(1, sizeof(*s));
	struct why why = { "" };
	enum err e = ERR_MEMORY;
	bool found = false;

	if (s != NULL)
		e = read_person(app, v, view, s, &found, &refusal, &why);
	if (e == ERR_OK && refusal != ADMIN_GRANTED)
		admin_refused(app, req, res, refusal);
	else if (e == ERR_OK && !found)
		serve_error(app, req, res, 404, "no_person", "there is no such person");
	else if (e == ERR_OK)
		e = send_page(app, req, res, v, view, s);
	if (e != ERR_OK)
		admin_unavailable(app, req, res, e, &why);
	if (s != NULL)
		person_lists_done(&s->lists);
	free(s);
}

void
person_show(struct app *app, const struct request *req, struct response *res,
	    const struct visit *v)
{
	struct person_view view = { .status = 200 };

	if (form_find(v->form, "name", &view.name) == FORM_ONE)
		person_send(app, req, res, v, &view);
	else
		response_see_other(res, STR(URL_ADMIN_PEOPLE));
}
