/* GET /admin/invitations.csv. */
#include "admin/people/people_pages.h"

#include <stdio.h>

#include "access/urls.h"
#include "import/csv.h"
#include "page/phrases.h"
#include "serve/power_database.h"

#define STEP 100 /* rows that one statement reads */
#define ROWS_MAX 5000
#define BYTES_MAX (900 * 1024)

static void
put_time(struct buf *out, const struct db_rows *rows, size_t i, int column)
{
	char when[PHRASES_TIME_SIZE];

	phrases_time(db_int(rows, i, column), when);
	csv_put(out, str_of(when), false);
}

static void
put_row(struct buf *out, const struct db_rows *rows, size_t i)
{
	csv_put(out, db_str(rows, i, ADMIN_INVITATION_ADDRESS), true);
	csv_put(out, db_str(rows, i, ADMIN_INVITATION_ROLES), false);
	csv_put(out, db_str(rows, i, ADMIN_INVITATION_USES), false);
	put_time(out, rows, i, ADMIN_INVITATION_CREATED);
	put_time(out, rows, i, ADMIN_INVITATION_ENDS);
	csv_put(out, db_str(rows, i, ADMIN_INVITATION_STATE), false);
	csv_put_end(out);
}

/* Those that are open, as many as one answer may have. */
static enum err
put_all(struct app *app, struct str sid, struct buf *out, enum admin_refusal *refusal,
	struct why *why)
{
	struct db_rows *rows = NULL;
	char id[UUID_SIZE] = "";
	int64_t made = 0;
	size_t n, read = 0;
	enum err e;

	buf_addz(out, "address,roles,uses_left,made_at,ends_at,state\r\n");
	do {
		e = admin_invitations(app_db(app), sid, made, str_of(id), STEP, &rows,
				      refusal, why);
		n = e == ERR_OK && *refusal == ADMIN_GRANTED ? db_count(rows) : 0;
		for (size_t i = 0; i < n; i++)
			if (db_bool(rows, i, ADMIN_INVITATION_OPEN))
				put_row(out, rows, i);
		if (n > 0) {
			made = db_int(rows, n - 1, ADMIN_INVITATION_MADE);
			snprintf(id, sizeof(id), "%.*s",
				 STR_ARG(db_str(rows, n - 1, ADMIN_INVITATION_ID)));
		}
		db_rows_free(rows);
		rows = NULL;
		read += n;
	} while (n == STEP && read < ROWS_MAX && out->n < BYTES_MAX);
	return e;
}

void
invitations_file(struct app *app, const struct request *req, struct response *res,
		 const struct visit *v)
{
	enum admin_refusal refusal = ADMIN_NO_SESSION;
	struct why why = { "" };
	struct buf out;
	enum err e;

	buf_init(&out, RESPONSE_BODY_MAX);
	e = put_all(app, v->who.claims->sid, &out, &refusal, &why);
	if (e != ERR_OK) {
		admin_unavailable(app, req, res, e, &why);
	} else if (refusal != ADMIN_GRANTED) {
		admin_refused(app, req, res, refusal);
	} else {
		response_headerz(res, "Content-Disposition",
				 "attachment; filename=\"invitations.csv\"");
		response_send(res, 200, "text/csv; charset=utf-8; header=present",
			      buf_str(&out));
	}
	buf_done(&out);
}
