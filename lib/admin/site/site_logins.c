/* /admin/logins: how many people signed in each day, and how many could not. */
#include <stdio.h>

#include "access/urls.h"
#include "admin/site/site_parts.h"
#include "base/clock.h"
#include "serve/power_database.h"
#include "store/admin/site.h"

#define DAYS 30
#define ROW_FIELDS 9
#define COUNT_MS 500 /* for counting at most, in one request */

/* The outcomes, in the order of the columns. */
static const struct str events[] = { { "login_ok", 8 },
				     { "login_failed", 12 },
				     { "login_throttled", 15 },
				     { "factor_failed", 13 } };
#define OUTCOMES (sizeof(events) / sizeof(*events))

/* Columns of site_days. */
enum { COLUMN_DAY, COLUMN_EVENT, COLUMN_N };

/* One day in the form for the template. The bars are as long as their numbers. */
struct row {
	struct template_field fields[ROW_FIELDS];
	char n[OUTCOMES][SITE_NUMBER_SIZE], width[OUTCOMES][SITE_NUMBER_SIZE];
};

/*
 * Bring the counts up to date, as far as there is time. What is left is counted by the
 * next request: `*more`.
 */
static enum err
count(struct app *app, const struct visit *v, bool *more, enum admin_refusal *refusal,
      struct why *why)
{
	int64_t until = clock_monotonic_ms() + COUNT_MS;
	enum err e;

	do
		e = site_count_days(app_db(app), site_sid(v), more, refusal, why);
	while (e == ERR_OK && *refusal == ADMIN_GRANTED && *more &&
	       clock_monotonic_ms() < until);
	return e;
}

/* The counts of the days in `*rows`: OUTCOMES rows for each day. */
static enum err
find(struct app *app, const struct visit *v, bool *more, struct db_rows **rows,
     enum admin_refusal *refusal, struct why *why)
{
	enum err e = count(app, v, more, refusal, why);

	if (e == ERR_OK && *refusal == ADMIN_GRANTED)
		e = site_days(app_db(app), site_sid(v), events, OUTCOMES, DAYS, rows,
			      refusal, why);
	return e;
}

static int64_t
largest(const struct db_rows *rows)
{
	int64_t most = 1;

	for (size_t i = 0; i < db_count(rows); i++)
		if (db_int(rows, i, COLUMN_N) > most)
			most = db_int(rows, i, COLUMN_N);
	return most;
}

static struct template_scope
fill(struct row *row, const struct db_rows *rows, size_t first, int64_t most)
{
	struct template_field *f = row->fields;
	struct str n[OUTCOMES], width[OUTCOMES];

	for (size_t i = 0; i < OUTCOMES; i++) {
		int64_t times = db_int(rows, first + i, COLUMN_N);

		n[i] = site_number(times, row->n[i]);
		/* as short as it may be, a bar shows that there was something */
		width[i] = site_number((times * 100 + most - 1) / most, row->width[i]);
	}
	f[0] = text("date", db_str(rows, first, COLUMN_DAY));
	f[1] = text("ok", n[0]);
	f[2] = text("ok_width", width[0]);
	f[3] = text("failed_n", n[1]);
	f[4] = text("failed_width", width[1]);
	f[5] = text("throttled", n[2]);
	f[6] = text("throttled_width", width[2]);
	f[7] = text("code", n[3]);
	f[8] = text("code_width", width[3]);
	return (struct template_scope){ f, ROW_FIELDS };
}

static void
send(struct app *app, const struct request *req, struct response *res,
     const struct visit *v, const struct db_rows *rows, bool more)
{
	struct row words[DAYS];
	struct template_scope scopes[DAYS];
	struct admin_frame frame;
	struct page *page = &frame.page;
	struct why why = { "" };
	size_t n = db_count(rows) / OUTCOMES;
	int64_t most = largest(rows);
	enum err e;

	n = n < DAYS ? n : DAYS;
	for (size_t i = 0; i < n; i++)
		scopes[i] = fill(&words[i], rows, i * OUTCOMES, most);
	if ((e = admin_page(app, req, v, "admin_logins", &frame)) == ERR_OK) {
		page_flag(page, "counting", more);
		page_list(page, "days", scopes, n);
		page_text(page, "csv", STR(URL_ADMIN_LOGINS_CSV));
		page_send(page, 200, res);
	} else {
		admin_unavailable(app, req, res, e, &why);
	}
	admin_frame_done(&frame);
}

void
site_logins_show(struct app *app, const struct request *req, struct response *res,
		 const struct visit *v)
{
	enum admin_refusal refusal = ADMIN_NO_SESSION;
	struct db_rows *rows = NULL;
	struct why why = { "" };
	bool more = false;
	enum err e = find(app, v, &more, &rows, &refusal, &why);

	if (site_granted(app, req, res, e, refusal, &why))
		send(app, req, res, v, rows, more);
	db_rows_free(rows);
}

void
site_logins_csv(struct app *app, const struct request *req, struct response *res,
		const struct visit *v)
{
	enum admin_refusal refusal = ADMIN_NO_SESSION;
	struct db_rows *rows = NULL;
	struct why why = { "" };
	struct buf out;
	bool more = false;
	enum err e = find(app, v, &more, &rows, &refusal, &why);

	buf_init(&out, RESPONSE_BODY_MAX);
	site_csv_row(&out, (struct str[]){ STR("day"), STR("event"), STR("number") }, 3);
	for (size_t i = 0; i < (e == ERR_OK && rows != NULL ? db_count(rows) : 0); i++)
		site_csv_row(&out,
			     (struct str[]){ db_str(rows, i, COLUMN_DAY),
					     db_str(rows, i, COLUMN_EVENT),
					     db_str(rows, i, COLUMN_N) },
			     3);
	if (site_granted(app, req, res, e, refusal, &why))
		site_csv_send(res, "logins.csv", &out);
	buf_done(&out);
	db_rows_free(rows);
}
