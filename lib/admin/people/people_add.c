/* /admin/people/add: somebody new, who gets a link to choose a password. */
#include "admin/people/people_pages.h"

#include "access/client.h"
#include "base/log.h"
#include "config/config.h"
#include "serve/power_database.h"

/* What was typed, and what is wrong with it. */
struct typed {
	struct str name, address, display_name, roles;
	enum admin_entered wrong; /* ADMIN_ENTERED_OK: nothing */
};

static bool
is_about_name(enum admin_entered wrong)
{
	return wrong == ADMIN_ENTERED_NAME || wrong == ADMIN_ENTERED_TAKEN ||
	       wrong == ADMIN_ENTERED_GIVEN_UP || wrong == ADMIN_ENTERED_NOT_OWN;
}

static bool
is_about_address(enum admin_entered wrong)
{
	return wrong == ADMIN_ENTERED_ADDRESS || wrong == ADMIN_ENTERED_ADDRESS_TAKEN;
}

static bool
is_about_roles(enum admin_entered wrong)
{
	return wrong == ADMIN_ENTERED_ROLES || wrong == ADMIN_ENTERED_RIGHTS;
}

static int
status_of(enum admin_entered wrong)
{
	if (wrong == ADMIN_ENTERED_OK)
		return 200;
	return wrong == ADMIN_ENTERED_RIGHTS ? 403 : 422;
}

static void
send(struct app *app, const struct request *req, struct response *res,
     const struct visit *v, const struct typed *typed)
{
	enum admin_entered wrong = typed->wrong;
	struct admin_frame frame;
	struct page *page = &frame.page;
	struct why why = { "" };
	enum err e;

	if ((e = admin_page(app, req, v, "admin_add", &frame)) == ERR_OK) {
		page_phrase(page, "problem",
			    wrong != ADMIN_ENTERED_OK ? people_problem(wrong) : NULL);
		page_text(page, "name", typed->name);
		page_text(page, "address", typed->address);
		page_text(page, "display_name", typed->display_name);
		page_text(page, "wanted_roles", typed->roles);
		page_flag(page, "name_invalid", is_about_name(wrong));
		page_flag(page, "address_invalid", is_about_address(wrong));
		page_flag(page, "display_name_invalid",
			  wrong == ADMIN_ENTERED_DISPLAY_NAME);
		page_flag(page, "roles_invalid", is_about_roles(wrong));
		page_flag(page, "has_mail", config_has_mail(app->config));
		page_send(page, status_of(wrong), res);
	} else {
		admin_unavailable(app, req, res, e, &why);
	}
	admin_frame_done(&frame);
}

void
people_add_show(struct app *app, const struct request *req, struct response *res,
		const struct visit *v)
{
	const struct typed typed = { .wrong = ADMIN_ENTERED_OK };

	send(app, req, res, v, &typed);
}

/* The person is there, or is not. */
static void
answer(struct app *app, const struct request *req, struct response *res,
       const struct visit *v, struct typed *typed, enum admin_entered outcome,
       const struct shown_link *link)
{
	if (outcome == ADMIN_ENTERED_MAILED) {
		person_led(res, typed->name, "added");
	} else if (outcome == ADMIN_ENTERED_OK) {
		shown_link_send(app, req, res, v, link, typed->name);
	} else {
		typed->wrong = outcome;
		send(app, req, res, v, typed);
		return;
	}
	LOG(LOG_INFO, "user_added", { "user", typed->name },
	    { "admin", str_of(admin_of(v)->name) },
	    { "address", client_address(app, req) });
}

static void
read_form(const struct form *form, struct typed *typed)
{
	form_find(form, "name", &typed->name);
	form_find(form, "address", &typed->address);
	form_find(form, "display_name", &typed->display_name);
	form_find(form, "roles", &typed->roles);
	typed->name = str_trim(typed->name);
	typed->address = str_trim(typed->address);
	typed->display_name = str_trim(typed->display_name);
}

void
people_add_post(struct app *app, const struct request *req, struct response *res,
		const struct visit *v)
{
	enum admin_refusal refusal = ADMIN_NO_SESSION;
	enum admin_entered outcome = ADMIN_ENTERED_TAKEN;
	struct typed typed = { .wrong = ADMIN_ENTERED_OK };
	struct shown_link link = { .text = "" };
	struct roles_typed roles;
	struct admin_new person;
	struct why why = { "" };
	enum err e;

	read_form(v->form, &typed);
	roles_typed_read(typed.roles, &roles);
	person = (struct admin_new){
		.name = typed.name,
		.mail = typed.address,
		.display_name = typed.display_name,
		.roles = roles.words,
		.n_roles = roles.n,
		.by_mail = config_has_mail(app->config),
		.hash = { (const char *)link.hash, sizeof(link.hash) },
		.address = client_address(app, req),
	};
	if ((e = shown_link_new(&link, &why)) == ERR_OK)
		e = admin_add(app_db(app), v->who.claims->sid, &person, &outcome,
			      &refusal, &why);
	if (e != ERR_OK)
		admin_unavailable(app, req, res, e, &why);
	else if (refusal != ADMIN_GRANTED)
		admin_refused(app, req, res, refusal);
	else
		answer(app, req, res, v, &typed, outcome, &link);
	shown_link_done(&link);
}
