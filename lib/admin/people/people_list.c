/* GET /admin/people: people, by prefix of name or address, role and state. */
#include "admin/people/people_pages.h"

#include <stdlib.h>

#include "access/urls.h"
#include "serve/power_database.h"
#include "store/admin/admin_people.h"
#include "template/escape.h"

#define PEOPLE_SHOWN ADMIN_PEOPLE_PAGE
#define CSV_URL_MAX 262144 /* a query may be long */

/* Columns of admin_people. */
enum {
	COLUMN_ID,
	COLUMN_NAME,
	COLUMN_DISPLAY_NAME,
	COLUMN_ADDRESS,
	COLUMN_ROLES,
	COLUMN_DISABLED,
	COLUMN_NEXT
};

#define PERSON_FIELDS 6

/* One person in the form for the template. */
struct row {
	struct template_field fields[PERSON_FIELDS];
};

struct list {
	struct db_rows *rows; /* what the fields point into */
	struct row shown[PEOPLE_SHOWN];
	struct template_scope scopes[PEOPLE_SHOWN];
	size_t n;
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
fill(struct list *list)
{
	size_t n = db_count(list->rows);

	for (list->n = 0; list->n < n && list->n < PEOPLE_SHOWN; list->n++) {
		const struct db_rows *rows = list->rows;
		struct row *row = &list->shown[list->n];
		struct template_field *f = row->fields;
		size_t i = list->n;

		*f++ = text("id", db_str(rows, i, COLUMN_ID));
		*f++ = text("name", db_str(rows, i, COLUMN_NAME));
		*f++ = text("called", db_str(rows, i, COLUMN_DISPLAY_NAME));
		*f++ = text("address", db_str(rows, i, COLUMN_ADDRESS));
		*f++ = text("held_roles", db_str(rows, i, COLUMN_ROLES));
		*f++ = flag("disabled", db_bool(rows, i, COLUMN_DISABLED));
		list->scopes[i] =
			(struct template_scope){ row->fields, (size_t)(f - row->fields) };
	}
}

/* The address of the same list as a file. */
static void
put_csv_url(struct buf *url, const struct admin_people_asked *asked)
{
	buf_addz(url, URL_ADMIN_PEOPLE_CSV "?q=");
	escape_url(url, asked->q);
	buf_addz(url, "&role=");
	escape_url(url, asked->role);
	buf_addz(url, "&state=");
	escape_url(url, asked->state);
}

static enum err
send(struct app *app, const struct request *req, struct response *res,
     const struct visit *v, const struct admin_people_asked *asked,
     const struct list *list)
{
	struct admin_frame frame;
	struct page *page = &frame.page;
	struct buf csv;
	enum err e = admin_page(app, req, v, "admin_people", &frame);

	buf_init(&csv, CSV_URL_MAX);
	put_csv_url(&csv, asked);
	if (e == ERR_OK) {
		page_text(page, "q", asked->q);
		page_text(page, "role", asked->role);
		page_text(page, "state", asked->state);
		page_flag(page, "only_enabled", str_is(asked->state, "enabled"));
		page_flag(page, "only_disabled", str_is(asked->state, "disabled"));
		page_list(page, "people", list->scopes, list->n);
		page_text(page, "next",
			  list->n > 0 ? db_str(list->rows, 0, COLUMN_NEXT) : STR(""));
		page_text(page, "csv", buf_str(&csv));
		page_send(page, 200, res);
	}
	admin_frame_done(&frame);
	buf_done(&csv);
	return e;
}

void
people_list(struct app *app, const struct request *req, struct response *res,
	    const struct visit *v)
{
	struct admin_people_asked asked = { .limit = PEOPLE_SHOWN };
	enum admin_refusal refusal = ADMIN_NO_SESSION;
	struct list *list = calloc(1, sizeof(*list));
	struct why why = { "" };
	enum err e = ERR_MEMORY;

	form_find(v->form, "q", &asked.q);
	form_find(v->form, "role", &asked.role);
	form_find(v->form, "state", &asked.state);
	form_find(v->form, "after", &asked.after);
	asked.q = str_trim(asked.q);
	asked.role = str_trim(asked.role);
	if (list != NULL)
		e = admin_people(app_db(app), v->who.claims->sid, &asked, &list->rows,
				 &refusal, &why);
	if (e == ERR_OK && refusal != ADMIN_GRANTED) {
		admin_refused(app, req, res, refusal);
	} else if (e == ERR_OK) {
		fill(list);
		e = send(app, req, res, v, &asked, list);
	}
	if (e != ERR_OK)
		admin_unavailable(app, req, res, e, &why);
	if (list != NULL)
		db_rows_free(list->rows);
	free(list);
}
