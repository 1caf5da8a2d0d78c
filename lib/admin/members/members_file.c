/* GET /admin/people.csv. */
#include "admin/members/members.h"

#include "import/csv.h"
#include "serve/power_database.h"
#include "store/admin/admin_members.h"

#define ROWS_MAX 20000
#define BYTES_MAX (900 * 1024)

/* Columns of admin_people_file. */
enum {
	COLUMN_NAME,
	COLUMN_ADDRESS,
	COLUMN_DISPLAY_NAME,
	COLUMN_ROLES,
	COLUMN_DISABLED,
	COLUMN_ID,
	COLUMN_NEXT
};

static void
put_row(struct buf *out, const struct db_rows *rows, size_t i)
{
	csv_put(out, db_str(rows, i, COLUMN_NAME), true);
	csv_put(out, db_str(rows, i, COLUMN_ADDRESS), false);
	csv_put(out, db_str(rows, i, COLUMN_DISPLAY_NAME), false);
	csv_put(out, db_str(rows, i, COLUMN_ROLES), false);
	csv_put(out, db_bool(rows, i, COLUMN_DISABLED) ? STR("yes") : STR("no"), false);
	csv_put_end(out);
}

/* The first rows of the list, as many as one answer may have. */
static enum err
put_all(struct app *app, struct str sid, struct admin_people_asked asked, struct buf *out,
	enum admin_refusal *refusal, struct why *why)
{
	struct db_rows *rows = NULL;
	struct buf after;
	size_t n = 0;
	enum err e;

	buf_init(&after, 4096);
	buf_addz(out, "name,address,display_name,roles,disabled\r\n");
	do {
		asked.after = buf_str(&after);
		e = admin_people_file(app_db(app), sid, &asked, &rows, refusal, why);
		if (e != ERR_OK || *refusal != ADMIN_GRANTED)
			break;
		buf_clear(&after);
		for (size_t i = 0; i < db_count(rows); i++, n++)
			put_row(out, rows, i);
		if (db_count(rows) > 0)
			buf_add(&after, db_str(rows, 0, COLUMN_NEXT));
		db_rows_free(rows);
		rows = NULL;
	} while (after.n > 0 && n < ROWS_MAX && out->n < BYTES_MAX);
	db_rows_free(rows);
	buf_done(&after);
	return e;
}

void
members_file(struct app *app, const struct request *req, struct response *res,
	     const struct visit *v)
{
	struct admin_people_asked asked = { .limit = ADMIN_PEOPLE_MOST };
	enum admin_refusal refusal = ADMIN_NO_SESSION;
	struct why why = { "" };
	struct buf out;
	enum err e;

	form_find(v->form, "q", &asked.q);
	form_find(v->form, "role", &asked.role);
	form_find(v->form, "state", &asked.state);
	asked.q = str_trim(asked.q);
	asked.role = str_trim(asked.role);
	buf_init(&out, RESPONSE_BODY_MAX);
	e = put_all(app, v->who.claims->sid, asked, &out, &refusal, &why);
	if (e != ERR_OK) {
		admin_unavailable(app, req, res, e, &why);
	} else if (refusal != ADMIN_GRANTED) {
		admin_refused(app, req, res, refusal);
	} else {
		response_headerz(res, "Content-Disposition",
				 "attachment; filename=\"people.csv\"");
		response_send(res, 200, "text/csv; charset=utf-8; header=present",
			      buf_str(&out));
	}
	buf_done(&out);
}
