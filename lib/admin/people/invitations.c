/* /admin/invitations: those that nobody has used yet. */
#include "admin/people/people_pages.h"

#include <stdio.h>
#include <stdlib.h>

#include "access/client.h"
#include "access/urls.h"
#include "base/text.h"
#include "config/config.h"
#include "page/moment.h"
#include "serve/power_database.h"
#include "serve/serve.h"

#define INVITATIONS_READ 100 /* rows of one page; some of them are not open */
#define INVITATION_FIELDS 9

/* What is shown: from where on, and what went wrong before (a phrase; NULL: nothing). */
struct view {
	int64_t made; /* the key of the row before: see admin_invitations */
	struct str id;
	const char *problem;
	int status;
};

/* One invitation in the form for the template. The words are stored here. */
struct row {
	struct template_field fields[INVITATION_FIELDS];
	struct moment since, until;
};

struct list {
	struct row rows[INVITATIONS_READ];
	struct template_scope scopes[INVITATIONS_READ];
	size_t n;
	char next[UUID_SIZE + 24]; /* the key of the next page; empty: there is none */
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

static void
fill(struct row *row, struct template_scope *scope, const struct db_rows *rows, size_t i,
     bool has_mail)
{
	struct str address = db_str(rows, i, ADMIN_INVITATION_ADDRESS);
	bool may = db_bool(rows, i, ADMIN_INVITATION_MAY);
	struct template_field *f = row->fields;

	*f++ = text("id", db_str(rows, i, ADMIN_INVITATION_ID));
	*f++ = text("address", address);
	*f++ = text("wanted_roles", db_str(rows, i, ADMIN_INVITATION_ROLES));
	*f++ = text("uses", db_str(rows, i, ADMIN_INVITATION_USES));
	*f++ = moment_field("since", db_int(rows, i, ADMIN_INVITATION_CREATED),
			    &row->since);
	*f++ = moment_field("until", db_int(rows, i, ADMIN_INVITATION_ENDS), &row->until);
	*f++ = flag("over", !str_is(db_str(rows, i, ADMIN_INVITATION_STATE), "good"));
	*f++ = flag("may_resend", may && address.n > 0 && has_mail);
	*f++ = flag("may_withdraw", may);
	*scope = (struct template_scope){ row->fields, (size_t)(f - row->fields) };
}

static void
fill_list(struct list *list, const struct db_rows *rows, bool has_mail)
{
	size_t n = db_count(rows);

	list->n = 0;
	for (size_t i = 0; i < n && i < INVITATIONS_READ; i++) {
		if (!db_bool(rows, i, ADMIN_INVITATION_OPEN))
			continue;
		fill(&list->rows[list->n], &list->scopes[list->n], rows, i, has_mail);
		list->n++;
	}
	list->next[0] = '\0';
	if (n == INVITATIONS_READ)
		snprintf(list->next, sizeof(list->next), "%lld.%.*s",
			 (long long)db_int(rows, n - 1, ADMIN_INVITATION_MADE),
			 STR_ARG(db_str(rows, n - 1, ADMIN_INVITATION_ID)));
}

static void
send_list(struct app *app, const struct request *req, struct response *res,
	  const struct visit *v, const struct view *view, const struct list *list)
{
	struct admin_frame frame;
	struct page *page = &frame.page;
	struct why why = { "" };
	enum err e;

	if ((e = admin_page(app, req, v, "admin_invitations", &frame)) == ERR_OK) {
		page_phrase(page, "problem", view->problem);
		page_list(page, "invitations", list->scopes, list->n);
		page_text(page, "next", str_of(list->next));
		page_text(page, "csv", STR(URL_ADMIN_INVITATIONS_CSV));
		page_send(page, view->status, res);
	} else {
		admin_unavailable(app, req, res, e, &why);
	}
	admin_frame_done(&frame);
}

static void
send(struct app *app, const struct request *req, struct response *res,
     const struct visit *v, const struct view *view)
{
	enum admin_refusal refusal = ADMIN_NO_SESSION;
	struct db_rows *rows = NULL;
	struct list *list = calloc(1, sizeof(*list));
	struct why why = { "" };
	enum err e = ERR_MEMORY;

	if (list != NULL)
		e = admin_invitations(app_db(app), v->who.claims->sid, view->made,
				      view->id, INVITATIONS_READ, &rows, &refusal, &why);
	if (e != ERR_OK) {
		admin_unavailable(app, req, res, e, &why);
	} else if (refusal != ADMIN_GRANTED) {
		admin_refused(app, req, res, refusal);
	} else {
		fill_list(list, rows, config_has_mail(app->config));
		send_list(app, req, res, v, view, list);
	}
	db_rows_free(rows);
	free(list);
}

/* The key of a page: MICROSECONDS.UUID, or nothing for the first one. */
static bool
read_key(struct str key, struct view *view)
{
	struct str made;

	if (key.n == 0)
		return true;
	made = str_cut(&key, '.');
	view->id = key;
	return str_to_int(made, 0, INT64_C(1) << 53, &view->made) && text_is_uuid(key);
}

void
invitations_show(struct app *app, const struct request *req, struct response *res,
		 const struct visit *v)
{
	struct view view = { .status = 200 };
	struct str after;

	form_find(v->form, "after", &after);
	if (read_key(after, &view))
		send(app, req, res, v, &view);
	else
		serve_error(app, req, res, 400, "invalid_request",
			    "this is no key of a page");
}

static void
answer(struct app *app, const struct request *req, struct response *res,
       const struct visit *v, enum admin_invitation outcome, const char *done)
{
	struct view view = { .status = 404, .problem = "admin_invitations.missing" };

	if (outcome == ADMIN_INVITATION_DONE) {
		admin_led(res, STR(URL_ADMIN_INVITATIONS), done);
		return;
	}
	if (outcome == ADMIN_INVITATION_RIGHTS)
		view = (struct view){ .status = 403, .problem = "admin.roles_beyond" };
	else if (outcome == ADMIN_INVITATION_NOWHERE)
		view = (struct view){ .status = 409,
				      .problem = "admin_invitations.nowhere" };
	send(app, req, res, v, &view);
}

void
invitations_post(struct app *app, const struct request *req, struct response *res,
		 const struct visit *v)
{
	enum admin_refusal refusal = ADMIN_NO_SESSION;
	enum admin_invitation outcome = ADMIN_INVITATION_MISSING;
	struct str what, id, sid = v->who.claims->sid;
	struct str address = client_address(app, req);
	struct why why = { "" };
	bool resend;
	enum err e;

	form_find(v->form, "do", &what);
	form_find(v->form, "id", &id);
	resend = str_is(what, "resend");
	if (!resend && !str_is(what, "withdraw")) {
		serve_error(app, req, res, 400, "invalid_request",
			    "`do` is neither resend nor withdraw");
		return;
	}
	e = resend ? admin_invitation_resend(app_db(app), sid, id, address, &outcome,
					     &refusal, &why)
		   : admin_invitation_withdraw(app_db(app), sid, id, address, &outcome,
					       &refusal, &why);
	if (e != ERR_OK)
		admin_unavailable(app, req, res, e, &why);
	else if (refusal != ADMIN_GRANTED)
		admin_refused(app, req, res, refusal);
	else
		answer(app, req, res, v, outcome, resend ? "resent" : "withdrawn");
}
