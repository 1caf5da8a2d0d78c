/* /admin/throttled: who has to wait, and to end that. */
#include <stdlib.h>

#include "access/client.h"
#include "access/urls.h"
#include "admin/site/site_parts.h"
#include "page/phrases.h"
#include "serve/power_database.h"
#include "serve/serve.h"
#include "store/admin/site.h"

#define ROWS_SHOWN 50
#define ROW_FIELDS 8

/* Columns of site_throttled. */
enum {
	COLUMN_KEY,
	COLUMN_KIND,
	COLUMN_BUCKET,
	COLUMN_USER,
	COLUMN_NAME,
	COLUMN_ADDRESS,
	COLUMN_REFUSED,
	COLUMN_WAIT,
	COLUMN_UNLOCKS
};

static const struct {
	const char *kind, *phrase;
} kinds[] = {
	{ "name", "admin_throttled.by_name" },
	{ "device", "admin_throttled.by_device" },
	{ "factor", "admin_throttled.by_factor" },
	{ "address", "admin_throttled.by_address" },
};

static const char *
kind_phrase(struct str kind)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (str_is(kind, kinds[i].kind))
			return kinds[i].phrase;
	return NULL;
}

/* One row in the form for the template. */
struct row {
	struct template_field fields[ROW_FIELDS];
	struct counted_phrase wait;
	char refused[SITE_NUMBER_SIZE];
};

static struct template_scope
fill_row(struct row *row, const struct db_rows *rows, size_t i)
{
	struct template_field *f = row->fields;

	row->wait = phrases_wait(db_int(rows, i, COLUMN_WAIT));
	f[0] = text("name", db_str(rows, i, COLUMN_NAME));
	f[1] = text("from", db_str(rows, i, COLUMN_ADDRESS));
	f[2] = phrase("kind", kind_phrase(db_str(rows, i, COLUMN_KIND)));
	f[3] = text("refused",
		    site_number(db_int(rows, i, COLUMN_REFUSED), row->refused));
	f[4] = phrase("wait", row->wait.phrase);
	f[5] = text("count", str_of(row->wait.count));
	f[6] = text("bucket", db_str(rows, i, COLUMN_BUCKET));
	f[7] = flag("unlocks", db_bool(rows, i, COLUMN_UNLOCKS));
	return (struct template_scope){ f, ROW_FIELDS };
}

static enum err
fill(struct row **words, struct template_scope **scopes, size_t *n, struct buf *more,
     const struct db_rows *rows)
{
	size_t count = db_count(rows);

	*words = calloc(count + 1, sizeof(**words));
	*scopes = calloc(count + 1, sizeof(**scopes));
	if (*words == NULL || *scopes == NULL)
		return ERR_MEMORY;
	for (size_t i = 0; i < count; i++)
		if (kind_phrase(db_str(rows, i, COLUMN_KIND)) != NULL) {
			(*scopes)[*n] = fill_row(&(*words)[*n], rows, i);
			++*n;
		}
	if (count == ROWS_SHOWN) {
		buf_addz(more, URL_ADMIN_THROTTLED);
		site_add_query(more, "after", db_str(rows, count - 1, COLUMN_KEY));
	}
	return ERR_OK;
}

static void
send(struct app *app, const struct request *req, struct response *res,
     const struct visit *v, const struct template_scope *scopes, size_t n,
     struct str more)
{
	struct admin_frame frame;
	struct page *page = &frame.page;
	struct why why = { "" };
	enum err e;

	if ((e = admin_page(app, req, v, "admin_throttled", &frame)) == ERR_OK) {
		page_list(page, "rows", scopes, n);
		page_text(page, "more", more);
		page_text(page, "csv", STR(URL_ADMIN_THROTTLED_CSV));
		page_send(page, 200, res);
	} else {
		admin_unavailable(app, req, res, e, &why);
	}
	admin_frame_done(&frame);
}

void
site_throttled_show(struct app *app, const struct request *req, struct response *res,
		    const struct visit *v)
{
	enum admin_refusal refusal = ADMIN_NO_SESSION;
	struct template_scope *scopes = NULL;
	struct row *words = NULL;
	struct db_rows *rows = NULL;
	struct why why = { "" };
	struct buf more;
	size_t n = 0;
	enum err e = site_throttled(app_db(app), site_sid(v), site_field(v, "after"),
				    ROWS_SHOWN, &rows, &refusal, &why);

	buf_init(&more, 1024);
	if (e == ERR_OK && refusal == ADMIN_GRANTED)
		e = fill(&words, &scopes, &n, &more, rows);
	if (site_granted(app, req, res, e, refusal, &why))
		send(app, req, res, v, scopes, n, buf_str(&more));
	free(words);
	free(scopes);
	buf_done(&more);
	db_rows_free(rows);
}

void
site_throttled_post(struct app *app, const struct request *req, struct response *res,
		    const struct visit *v)
{
	enum admin_refusal refusal = ADMIN_NO_SESSION;
	enum site_unlocked unlocked = SITE_UNLOCK_GONE;
	struct why why = { "" };
	enum err e;

	if (!str_is(site_field(v, "do"), "unlock")) {
		serve_error(app, req, res, 422, "invalid_request",
			    "the form has no such button");
		return;
	}
	e = site_unlock(app_db(app), site_sid(v), site_field(v, "bucket"),
			client_address(app, req), &unlocked, &refusal, &why);
	if (!site_granted(app, req, res, e, refusal, &why))
		return;
	switch (unlocked) {
	case SITE_UNLOCKED:
		admin_led(res, STR(URL_ADMIN_THROTTLED), "unlocked");
		break;
	case SITE_UNLOCK_RIGHTS:
		serve_error(app, req, res, 403, "forbidden",
			    "the person has a role that this admin may not give");
		break;
	default:
		admin_led(res, STR(URL_ADMIN_THROTTLED), "unlocked_before");
	}
}

/* ---- the CSV ---- */

static void
put_row(struct buf *out, const struct db_rows *rows, size_t i)
{
	site_csv_row(out,
		     (struct str[]){ db_str(rows, i, COLUMN_KIND),
				     db_str(rows, i, COLUMN_NAME),
				     db_str(rows, i, COLUMN_ADDRESS),
				     db_str(rows, i, COLUMN_REFUSED),
				     db_str(rows, i, COLUMN_WAIT) },
		     5);
}

void
site_throttled_csv(struct app *app, const struct request *req, struct response *res,
		   const struct visit *v)
{
	enum admin_refusal refusal = ADMIN_NO_SESSION;
	struct db_rows *rows = NULL;
	struct why why = { "" };
	struct buf out, after;
	size_t put = 0, step = SITE_CSV_STEP;
	enum err e = ERR_OK;

	buf_init(&out, RESPONSE_BODY_MAX);
	buf_init(&after, 256);
	site_csv_row(&out,
		     (struct str[]){ STR("kind"), STR("name"), STR("address"),
				     STR("refused"), STR("wait_seconds") },
		     5);
	while (e == ERR_OK && step == SITE_CSV_STEP && !site_csv_is_full(&out, put)) {
		e = site_throttled(app_db(app), site_sid(v), buf_str(&after),
				   SITE_CSV_STEP, &rows, &refusal, &why);
		step = e == ERR_OK && refusal == ADMIN_GRANTED ? db_count(rows) : 0;
		for (size_t i = 0; i < step; i++)
			if (kind_phrase(db_str(rows, i, COLUMN_KIND)) != NULL) {
				put_row(&out, rows, i);
				put++;
			}
		buf_clear(&after);
		if (step > 0)
			buf_add(&after, db_str(rows, step - 1, COLUMN_KEY));
		db_rows_free(rows);
		rows = NULL;
	}
	if (site_granted(app, req, res, e, refusal, &why))
		site_csv_send(res, "throttled.csv", &out);
	buf_done(&after);
	buf_done(&out);
}
