/* POST /admin/person: what is done to one person, by the button `do`. */
#include "admin/people/person_parts.h"

#include "access/client.h"
#include "access/urls.h"
#include "base/log.h"
#include "page/hearers.h"
#include "serve/power_database.h"
#include "serve/serve.h"
#include "store/admin/admin_person.h"

/* The form, and what came of it. */
struct deed {
	struct admin_order order;
	struct str typed_roles;
	struct roles_typed roles;
	struct shown_link link;
	struct admin_done done;
	enum admin_refusal refusal;
};

/* The buttons. */
static const struct button {
	const char *word; /* the value of `do` */
	enum admin_action action;
	const char *done;         /* the word for admin_led */
	enum session_reason ends; /* sessions end or change: the verifiers are told */
	enum person_field field;  /* the form's own */
} buttons[] = {
	{ "disable", ADMIN_DISABLE, "disabled", SESSION_END_DISABLED },
	{ "enable", ADMIN_ENABLE, "enabled" },
	{ "end", ADMIN_END, "ended", SESSION_END_OPERATOR },
	{ "unlock", ADMIN_UNLOCK, "unlocked_person" },
	{ "factor", ADMIN_FACTOR, "factor", SESSION_END_OPERATOR },
	{ "programs", ADMIN_PROGRAMS, "programs", SESSION_END_OPERATOR },
	{ "apps", ADMIN_APPS, "apps", SESSION_END_OPERATOR },
	{ "role", ADMIN_ROLES, "roles", SESSION_END_CHANGED, PERSON_FIELD_ROLES },
	{ "rename", ADMIN_RENAME, "renamed", SESSION_END_CHANGED, PERSON_FIELD_NAME },
	{ "profile", ADMIN_PROFILE, "profile", SESSION_END_NONE,
	  PERSON_FIELD_DISPLAY_NAME },
	{ "reset", ADMIN_RESET, "reset_sent" },
	{ "delete", ADMIN_DELETE, "deleted", SESSION_END_DELETED },
};

static const struct button *
button_of(struct str word)
{
	for (size_t i = 0; i < sizeof(buttons) / sizeof(*buttons); i++)
		if (str_is(word, buttons[i].word))
			return &buttons[i];
	return NULL;
}

/* Why nothing was done: the status and the phrase, by outcome. */
static const struct {
	int status;
	const char *problem;
} problems[] = {
	[ADMIN_CHANGED] = { 409, "admin_person.changed" },
	[ADMIN_RIGHTS] = { 403, "admin_person.beyond" },
	[ADMIN_LAST] = { 409, "admin_person.is_last" },
	[ADMIN_ADDRESS] = { 422, "admin.address_invalid" },
	[ADMIN_NAMED] = { 422, "admin_person.named" },
	[ADMIN_ADDRESS_TAKEN] = { 422, "admin.address_taken" },
	[ADMIN_TAKEN] = { 422, "admin.name_taken" },
	[ADMIN_GIVEN_UP] = { 422, "admin.given_up" },
	[ADMIN_NOT_OWN] = { 422, "admin.not_own" },
	[ADMIN_FACTOR_ONLY] = { 409, "admin_person.reset_factor" },
	[ADMIN_DISABLED] = { 409, "admin_person.reset_disabled" },
	[ADMIN_NONE] = { 409, "admin_person.nothing" },
};

/* What is not valid, by the field that the form has. */
static const char *const invalid[] = {
	[PERSON_FIELD_ROLES] = "admin.roles_invalid",
	[PERSON_FIELD_NAME] = "admin.name_invalid",
	[PERSON_FIELD_DISPLAY_NAME] = "admin.display_name_invalid",
};

static bool
is_about_address(enum admin_outcome outcome)
{
	return outcome == ADMIN_ADDRESS || outcome == ADMIN_NAMED ||
	       outcome == ADMIN_ADDRESS_TAKEN;
}

/*
 * The page again, saying why. It keeps what was typed, unless the person has changed
 * meanwhile: then it shows what is there now.
 */
static void
show_problem(struct app *app, const struct request *req, struct response *res,
	     const struct visit *v, const struct button *button, const struct deed *d)
{
	enum admin_outcome outcome = d->done.outcome;
	struct person_view view = { .user = d->order.user, .status = 422 };

	if (outcome != ADMIN_INVALID) {
		view.status = problems[outcome].status;
		view.problem = problems[outcome].problem;
	} else {
		view.problem = invalid[button->field];
	}
	if (view.status == 422 ||
	    (outcome == ADMIN_RIGHTS && button->field == PERSON_FIELD_ROLES)) {
		view.wrong =
			is_about_address(outcome) ? PERSON_FIELD_ADDRESS : button->field;
		if (button->field == PERSON_FIELD_ROLES)
			view.typed_roles = d->typed_roles;
		if (button->field == PERSON_FIELD_NAME)
			view.typed_name = d->order.name;
		if (button->field == PERSON_FIELD_DISPLAY_NAME) {
			view.typed_display_name = d->order.display_name;
			view.typed_address = d->order.mail;
		}
	}
	person_send(app, req, res, v, &view);
}

static void
show_done(struct app *app, const struct request *req, struct response *res,
	  const struct visit *v, const struct button *button, const struct deed *d)
{
	struct str name = str_of(d->done.name);

	LOG(LOG_INFO, "admin_acted", { "do", str_of(button->word) }, { "user", name },
	    { "admin", str_of(admin_of(v)->name) }, { "address", d->order.address });
	if (d->done.outcome == ADMIN_SHOWN)
		shown_link_send(app, req, res, v, &d->link, name);
	else if (button->ends == SESSION_END_DELETED)
		admin_led(res, STR(URL_ADMIN_PEOPLE), button->done);
	else
		person_led(res, name, button->done);
}

/* Do it. The verifiers must be reachable before, and are told after it. */
static enum err
act(struct app *app, const struct button *button, struct deed *d, struct why *why)
{
	struct session_hearers hearers = hearers_of(app->config, app_db(app));
	enum err e = ERR_OK;

	if (button->action == ADMIN_RESET)
		e = shown_link_new(&d->link, why);
	if (button->ends != SESSION_END_NONE)
		e = session_end_prepare(&hearers, why);
	if (e == ERR_OK)
		e = admin_do(app_db(app), &d->order, &d->done, &d->refusal, why);
	if (e == ERR_OK && d->done.outcome == ADMIN_OK &&
	    button->ends != SESSION_END_NONE)
		e = session_end(&hearers, button->ends, NULL, why);
	return e;
}

static void
read_form(struct app *app, const struct request *req, const struct visit *v,
	  struct deed *d)
{
	struct admin_order *o = &d->order;

	form_find(v->form, "user", &o->user);
	form_find(v->form, "seen", &o->seen);
	form_find(v->form, "roles", &d->typed_roles);
	form_find(v->form, "name", &o->name);
	form_find(v->form, "display_name", &o->display_name);
	o->keep_mail = form_find(v->form, "address", &o->mail) == FORM_ABSENT;
	o->sid = v->who.claims->sid;
	o->address = client_address(app, req);
	o->name = str_trim(o->name);
	o->display_name = str_trim(o->display_name);
	o->mail = str_trim(o->mail);
	o->hash = (struct str){ (const char *)d->link.hash, sizeof(d->link.hash) };
	o->blank = true; /* as when people delete their own account */
	roles_typed_read(d->typed_roles, &d->roles);
	o->roles = d->roles.words;
	o->n_roles = d->roles.n;
}

void
person_post(struct app *app, const struct request *req, struct response *res,
	    const struct visit *v)
{
	struct deed d = { .refusal = ADMIN_NO_SESSION };
	const struct button *button;
	struct why why = { "" };
	struct str word;
	enum err e;

	form_find(v->form, "do", &word);
	if ((button = button_of(word)) == NULL) {
		serve_error(app, req, res, 400, "invalid_request",
			    "no button has this value of `do`");
		return;
	}
	read_form(app, req, v, &d);
	d.order.action = button->action;
	e = act(app, button, &d, &why);
	if (e != ERR_OK)
		admin_unavailable(app, req, res, e, &why);
	else if (d.refusal != ADMIN_GRANTED)
		admin_refused(app, req, res, d.refusal);
	else if (d.done.outcome == ADMIN_GONE)
		serve_error(app, req, res, 404, "no_person", "there is no such person");
	else if (d.done.outcome < ADMIN_OK)
		show_problem(app, req, res, v, button, &d);
	else
		show_done(app, req, res, v, button, &d);
	shown_link_done(&d.link);
}
