/* POST /admin/people/many: the same to several people, after a page that says to whom. */
#include "admin/members/members_parts.h"

#include <stdlib.h>

#include "access/client.h"
#include "base/log.h"
#include "page/hearers.h"
#include "serve/power_database.h"
#include "serve/serve.h"
#include "store/admin/admin_person.h"

#define PEOPLE_MAX 60 /* as many as a form can have */
#define ROLES_MAX 64
#define ROW_FIELDS 6

/* What can be done to several: the values of `do`, and afterwards of `what`. */
static const struct deed {
	const char *word;
	enum admin_action action;
	bool wants_role;
	enum session_reason ends;
	const char *heading;
} deeds[] = {
	{ "disable", ADMIN_DISABLE, false, SESSION_END_DISABLED, "admin_many.disable" },
	{ "enable", ADMIN_ENABLE, false, SESSION_END_NONE, "admin_many.enable" },
	{ "end", ADMIN_END, false, SESSION_END_OPERATOR, "admin_many.end" },
	{ "role-add", ADMIN_ROLES, true, SESSION_END_CHANGED, "admin_many.role_add" },
	{ "role-remove", ADMIN_ROLES, true, SESSION_END_CHANGED,
	  "admin_many.role_remove" },
	{ "delete", ADMIN_DELETE, false, SESSION_END_DELETED, "admin_many.delete" },
};

/* One of the people, and what is said about them. */
struct row {
	struct str id, seen; /* of the form */
	struct admin_person person;
	const char *said; /* a phrase */
	bool good;
	struct template_field fields[ROW_FIELDS];
};

struct many {
	const struct deed *deed;
	struct str role;
	bool confirmed;
	const char *problem;
	struct row row[PEOPLE_MAX];
	struct template_scope scopes[PEOPLE_MAX];
	size_t n, n_good;
	enum admin_refusal refusal;
};

static const struct deed *
deed_of(struct str word)
{
	for (size_t i = 0; i < sizeof(deeds) / sizeof(*deeds); i++)
		if (str_is(word, deeds[i].word))
			return &deeds[i];
	return NULL;
}

/* False: the form is none of ours. */
static bool
read_form(const struct visit *v, struct many *m)
{
	static const struct str box = { MEMBERS_BOX, sizeof(MEMBERS_BOX) - 1 };
	struct str word;

	form_find(v->form, "do", &word);
	m->confirmed = str_is(word, "confirm");
	if (m->confirmed)
		form_find(v->form, "what", &word);
	m->deed = deed_of(word);
	form_find(v->form, "role", &m->role);
	m->role = str_trim(m->role);
	for (size_t i = 0; i < v->form->n && m->n < PEOPLE_MAX; i++) {
		const struct form_field *field = &v->form->fields[i];

		if (!str_starts_with(field->name, box))
			continue;
		m->row[m->n].id = str_sub(field->name, box.n, field->name.n - box.n);
		m->row[m->n++].seen = field->value;
	}
	return m->deed != NULL;
}

static bool
has_role(const struct admin_person *person, struct str role)
{
	struct str rest = str_of(person->roles);

	while (rest.n > 0)
		if (str_eq(str_cut(&rest, ' '), role))
			return true;
	return false;
}

/* ---- what would be done ---- */

static bool
takes_admin_away(const struct many *m)
{
	return m->deed->action == ADMIN_DISABLE || m->deed->action == ADMIN_DELETE ||
	       (str_is(str_of(m->deed->word), "role-remove") &&
		str_is(m->role, "doorward-admin"));
}

static bool
is_so_already(const struct many *m, const struct admin_person *person)
{
	switch (m->deed->action) {
	case ADMIN_DISABLE:
		return person->disabled;
	case ADMIN_ENABLE:
		return !person->disabled;
	case ADMIN_ROLES:
		return has_role(person, m->role) ==
		       str_is(str_of(m->deed->word), "role-add");
	default:
		return false;
	}
}

static const char *
foretell(const struct many *m, const struct admin *admin, const struct row *row)
{
	if (row->person.id[0] == '\0')
		return "admin_many.gone";
	if (!row->person.may)
		return "admin_many.beyond";
	if (is_so_already(m, &row->person))
		return "admin_many.already";
	if (m->deed->wants_role && !admin_gives(admin, m->role))
		return "admin.roles_beyond";
	if (row->person.last && takes_admin_away(m))
		return "admin_many.last";
	return "admin_many.will";
}

/* ---- doing it ---- */

/* The roles afterwards. Returns how many. */
static size_t
roles_after(const struct many *m, const struct admin_person *person,
	    struct str roles[ROLES_MAX + 1])
{
	struct str rest = str_of(person->roles);
	size_t n = 0;

	while (rest.n > 0 && n < ROLES_MAX) {
		struct str word = str_cut(&rest, ' ');

		if (!str_eq(word, m->role))
			roles[n++] = word;
	}
	if (str_is(str_of(m->deed->word), "role-add"))
		roles[n++] = m->role;
	return n;
}

static const char *
said_of(enum admin_outcome outcome)
{
	switch (outcome) {
	case ADMIN_OK:
		return "admin_many.done_it";
	case ADMIN_CHANGED:
		return "admin_many.changed";
	case ADMIN_RIGHTS:
		return "admin_many.beyond";
	case ADMIN_LAST:
		return "admin_many.last";
	case ADMIN_INVALID:
		return "admin.roles_invalid";
	default:
		return "admin_many.gone";
	}
}

static enum err
do_one(struct app *app, const struct request *req, const struct visit *v, struct many *m,
       struct row *row, struct why *why)
{
	struct str roles[ROLES_MAX + 1];
	struct admin_order order = { .action = m->deed->action,
				     .sid = v->who.claims->sid,
				     .user = row->id,
				     .seen = row->seen,
				     .address = client_address(app, req),
				     .roles = roles,
				     .n_roles = roles_after(m, &row->person, roles),
				     .blank = true };
	struct admin_done done;
	enum err e = admin_do(app_db(app), &order, &done, &m->refusal, why);

	if (e != ERR_OK || m->refusal != ADMIN_GRANTED)
		return e;
	row->said = said_of(done.outcome);
	row->good = done.outcome == ADMIN_OK;
	LOG(LOG_INFO, "admin_acted", { "do", str_of(m->deed->word) },
	    { "user", str_of(done.name) }, { "admin", str_of(admin_of(v)->name) },
	    { "address", order.address });
	return ERR_OK;
}

/* Look at one, and if it was confirmed, do it. */
static enum err
handle(struct app *app, const struct request *req, const struct visit *v, struct many *m,
       struct row *row, struct why *why)
{
	bool found;
	enum err e = admin_person_find(app_db(app), v->who.claims->sid, row->id, STR(""),
				       &row->person, &found, &m->refusal, why);

	if (e != ERR_OK || m->refusal != ADMIN_GRANTED)
		return e;
	row->said = foretell(m, admin_of(v), row);
	row->good = str_is(str_of(row->said), "admin_many.will");
	if (m->confirmed && row->good)
		e = do_one(app, req, v, m, row, why);
	m->n_good += row->good;
	return e;
}

/* The verifiers must be reachable before, and are told after what was done. */
static enum err
handle_all(struct app *app, const struct request *req, const struct visit *v,
	   struct many *m, struct why *why)
{
	struct session_hearers hearers = hearers_of(app->config, app_db(app));
	bool ends = m->confirmed && m->deed->ends != SESSION_END_NONE;
	enum err e = ends ? session_end_prepare(&hearers, why) : ERR_OK, told;

	m->refusal = ADMIN_GRANTED;
	for (size_t i = 0; e == ERR_OK && m->refusal == ADMIN_GRANTED && i < m->n; i++)
		e = handle(app, req, v, m, &m->row[i], why);
	if (!ends || m->n_good == 0)
		return e;
	told = session_end(&hearers, m->deed->ends, NULL, why);
	return e == ERR_OK ? told : e;
}

/* ---- the page ---- */

static void
fill(struct many *m)
{
	for (size_t i = 0; i < m->n; i++) {
		struct row *row = &m->row[i];
		struct template_field *f = row->fields;

		f[0] = text("id", row->id);
		f[1] = text("seen", str_of(row->person.seen));
		f[2] = text("name", str_of(row->person.name));
		f[3] = phrase("said", row->said);
		f[4] = flag("good", row->good);
		f[5] = flag("asked", row->good && !m->confirmed);
		m->scopes[i] = (struct template_scope){ f, ROW_FIELDS };
	}
}

static void
send(struct app *app, const struct request *req, struct response *res,
     const struct visit *v, struct many *m)
{
	struct admin_frame frame;
	struct page *page = &frame.page;
	struct why why = { "" };
	enum err e;

	fill(m);
	if ((e = admin_page(app, req, v, "admin_many", &frame)) == ERR_OK) {
		page_phrase(page, "heading", m->deed->heading);
		page_phrase(page, "problem", m->problem);
		page_text(page, "what", str_of(m->deed->word));
		page_text(page, "role", m->role);
		page_list(page, "rows", m->scopes, m->problem == NULL ? m->n : 0);
		page_flag(page, "done", m->confirmed && m->problem == NULL);
		page_flag(page, "asked",
			  m->problem == NULL && m->n_good > 0 && !m->confirmed);
		page_flag(page, "deletes", m->deed->action == ADMIN_DELETE);
		page_send(page, m->problem != NULL ? 422 : 200, res);
	} else {
		admin_unavailable(app, req, res, e, &why);
	}
	admin_frame_done(&frame);
}

static void
answer(struct app *app, const struct request *req, struct response *res,
       const struct visit *v, struct many *m)
{
	struct why why = { "" };
	enum err e = ERR_OK;

	m->refusal = ADMIN_GRANTED;
	if (m->n == 0)
		m->problem = "admin_many.nobody";
	else if (m->deed->wants_role && m->role.n == 0)
		m->problem = "admin_many.no_role";
	else
		e = handle_all(app, req, v, m, &why);
	if (e != ERR_OK)
		admin_unavailable(app, req, res, e, &why);
	else if (m->refusal != ADMIN_GRANTED)
		admin_refused(app, req, res, m->refusal);
	else
		send(app, req, res, v, m);
}

void
members_many_post(struct app *app, const struct request *req, struct response *res,
		  const struct visit *v)
{
	struct many *m = calloc(1, sizeof(*m));
	struct why why = { "" };

	if (m == NULL)
		admin_unavailable(app, req, res, ERR_MEMORY, &why);
	else if (!read_form(v, m))
		serve_error(app, req, res, 400, "invalid_request",
			    "no button has this value of `do`");
	else
		answer(app, req, res, v, m);
	free(m);
}
