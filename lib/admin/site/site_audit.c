/* /admin/audit: what happened, with a filter. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "access/urls.h"
#include "admin/event_words.h"
#include "admin/site/site_asked.h"
#include "page/by_phrase.h"
#include "page/phrases.h"
#include "serve/power_database.h"

#define ROWS_SHOWN 50
#define ROWS_SEARCHED 150 /* of one person, for one event */
#define EVENTS_MAX 100    /* in the list of the form */
#define ROW_FIELDS 9
#define KEY_SIZE 48

/* Columns of site_audit. */
enum {
	COLUMN_KEY_AT,
	COLUMN_KEY_ID,
	COLUMN_AT,
	COLUMN_EVENT,
	COLUMN_USER,
	COLUMN_NAME,
	COLUMN_ACTOR,
	COLUMN_ADDRESS,
	COLUMN_SESSION,
	COLUMN_DETAIL
};

/* One row in the form for the template. */
struct row {
	struct template_field fields[ROW_FIELDS];
	struct moment at;
};

/* The events that the form offers. */
struct offer {
	struct template_field fields[EVENTS_MAX][3];
	struct template_scope scopes[EVENTS_MAX];
	size_t n;
	bool other; /* another one is asked for */
};

static void
fill_offer(struct offer *offer, struct str asked)
{
	const struct event_words *words;

	offer->other = asked.n > 0;
	for (offer->n = 0; offer->n < EVENTS_MAX; offer->n++) {
		struct template_field *f = offer->fields[offer->n];

		if ((words = event_words_at(offer->n)) == NULL)
			break;
		f[0] = text("word", str_of(words->event));
		f[1] = phrase("label", words->phrase);
		f[2] = flag("chosen", str_is(asked, words->event));
		offer->other = offer->other && !f[2].on;
		offer->scopes[offer->n] = (struct template_scope){ f, 3 };
	}
}

/* What a login was proved by, in words. NULL for another detail. */
static const char *
proved_by(struct str event, struct str detail)
{
	bool login = str_is(event, "login_ok") && str_starts_with(detail, STR("by "));

	return login ? by_phrase(str_sub(detail, 3, detail.n)) : NULL;
}

static struct template_scope
fill_row(struct row *row, const struct db_rows *rows, size_t i)
{
	struct str event = db_str(rows, i, COLUMN_EVENT);
	const char *words = event_words_phrase(event);
	struct template_field *f = row->fields;

	f[0] = moment_field("at", db_int(rows, i, COLUMN_AT), &row->at);
	f[1] = phrase("happened", words);
	f[2] = text("event", event);
	f[3] = text("name", db_str(rows, i, COLUMN_NAME));
	f[4] = text("actor", db_str(rows, i, COLUMN_ACTOR));
	f[5] = flag("themselves", str_is(db_str(rows, i, COLUMN_ACTOR), "user"));
	f[6] = text("from", db_str(rows, i, COLUMN_ADDRESS));
	f[7] = text("detail", db_str(rows, i, COLUMN_DETAIL));
	f[8] = phrase("by", proved_by(event, f[7].text));
	return (struct template_scope){ f, ROW_FIELDS };
}

/* The key of the last row. */
static void
take_key(const struct db_rows *rows, size_t n, struct site_asked *asked)
{
	asked->before_at = db_int(rows, n - 1, COLUMN_KEY_AT);
	asked->before_id = db_int(rows, n - 1, COLUMN_KEY_ID);
}

/* The page, with what is wrong about the filter, or with the rows. */
struct audit_page {
	struct site_wrong wrong;
	struct offer *offer;
	struct template_scope *scopes;
	size_t n;
	struct buf more, csv;
};

static bool
is_about(const struct audit_page *p, const char *field)
{
	return p->wrong.field != NULL && strcmp(p->wrong.field, field) == 0;
}

static void
send(struct app *app, const struct request *req, struct response *res,
     const struct visit *v, const struct audit_page *p)
{
	struct admin_frame frame;
	struct page *page = &frame.page;
	struct why why = { "" };
	enum err e;

	if ((e = admin_page(app, req, v, "admin_audit", &frame)) == ERR_OK) {
		page_phrase(page, "problem",
			    p->wrong.problem != NULL ? p->wrong.problem : "");
		page_flag(page, "event_wrong", is_about(p, "event"));
		page_flag(page, "since_wrong", is_about(p, "since"));
		page_flag(page, "until_wrong", is_about(p, "until"));
		page_text(page, "person", site_field(v, "person"));
		page_text(page, "since", site_field(v, "since"));
		page_text(page, "until", site_field(v, "until"));
		page_text(page, "other",
			  p->offer->other ? site_field(v, "event") : STR(""));
		page_list(page, "events", p->offer->scopes, p->offer->n);
		page_list(page, "rows", p->scopes, p->n);
		page_text(page, "more", buf_str(&p->more));
		page_text(page, "csv", buf_str(&p->csv));
		page_send(page, p->wrong.problem != NULL ? 422 : 200, res);
	} else {
		admin_unavailable(app, req, res, e, &why);
	}
	admin_frame_done(&frame);
}

/* The rows that match, and the address of the next page if there may be more. */
static enum err
fill(struct audit_page *p, struct row **words, const struct visit *v,
     struct site_asked *asked, const struct db_rows *rows)
{
	size_t n = db_count(rows);
	char key[KEY_SIZE];

	p->scopes = calloc(n + 1, sizeof(*p->scopes));
	*words = calloc(n + 1, sizeof(**words));
	if (p->scopes == NULL || *words == NULL)
		return ERR_MEMORY;
	for (size_t i = 0; i < n; i++)
		if (!db_is_null(rows, i, COLUMN_EVENT)) {
			p->scopes[p->n] = fill_row(&(*words)[p->n], rows, i);
			p->n++;
		}
	if ((int64_t)n < asked->limit)
		return ERR_OK;
	take_key(rows, n, asked);
	snprintf(key, sizeof(key), "%lld.%lld", (long long)asked->before_at,
		 (long long)asked->before_id);
	buf_addz(&p->more, URL_ADMIN_AUDIT);
	site_asked_add(&p->more, v);
	site_add_query(&p->more, "before", str_of(key));
	return ERR_OK;
}

static void
show(struct app *app, const struct request *req, struct response *res,
     const struct visit *v, struct audit_page *p)
{
	enum admin_refusal refusal = ADMIN_GRANTED;
	struct row *words = NULL;
	struct db_rows *rows = NULL;
	struct site_asked asked;
	struct why why = { "" };
	enum err e = ERR_OK;

	p->wrong = site_asked_read(v, &asked);
	fill_offer(p->offer, p->wrong.problem == NULL ? asked.event : STR(""));
	asked.limit =
		asked.person.n > 0 && asked.event.n > 0 ? ROWS_SEARCHED : ROWS_SHOWN;
	if (p->wrong.problem == NULL) {
		e = site_audit(app_db(app), site_sid(v), &asked, &rows, &refusal, &why);
		if (e == ERR_OK && refusal == ADMIN_GRANTED)
			e = fill(p, &words, v, &asked, rows);
	}
	if (site_granted(app, req, res, e, refusal, &why))
		send(app, req, res, v, p);
	free(words);
	free(p->scopes);
	db_rows_free(rows);
}

void
site_audit_show(struct app *app, const struct request *req, struct response *res,
		const struct visit *v)
{
	struct audit_page p = { .n = 0 };
	struct why why = { "" };

	buf_init(&p.more, 16384);
	buf_init(&p.csv, 16384);
	buf_addz(&p.csv, URL_ADMIN_AUDIT_CSV);
	site_asked_add(&p.csv, v);
	if ((p.offer = calloc(1, sizeof(*p.offer))) != NULL)
		show(app, req, res, v, &p);
	else
		admin_unavailable(app, req, res, ERR_MEMORY, &why);
	free(p.offer);
	buf_done(&p.more);
	buf_done(&p.csv);
}

/* ---- the CSV ---- */

static void
put_row(struct buf *out, const struct db_rows *rows, size_t i)
{
	char when[PHRASES_TIME_SIZE];

	phrases_time(db_int(rows, i, COLUMN_AT), when);
	site_csv_row(
		out,
		(struct str[]){
			str_of(when), db_str(rows, i, COLUMN_EVENT),
			db_str(rows, i, COLUMN_USER), db_str(rows, i, COLUMN_NAME),
			db_str(rows, i, COLUMN_ACTOR), db_str(rows, i, COLUMN_ADDRESS),
			db_str(rows, i, COLUMN_SESSION), db_str(rows, i, COLUMN_DETAIL) },
		8);
}

/* One statement's rows. `*step` is how many it looked at. */
static enum err
put_step(struct app *app, const struct visit *v, struct site_asked *asked,
	 struct buf *out, size_t *put, size_t *step, enum admin_refusal *refusal,
	 struct why *why)
{
	struct db_rows *rows = NULL;
	enum err e = site_audit(app_db(app), site_sid(v), asked, &rows, refusal, why);

	*step = e == ERR_OK && *refusal == ADMIN_GRANTED ? db_count(rows) : 0;
	for (size_t i = 0; i < *step; i++)
		if (!db_is_null(rows, i, COLUMN_EVENT)) {
			put_row(out, rows, i);
			++*put;
		}
	if (*step > 0)
		take_key(rows, *step, asked);
	db_rows_free(rows);
	return e;
}

void
site_audit_csv(struct app *app, const struct request *req, struct response *res,
	       const struct visit *v)
{
	enum admin_refusal refusal = ADMIN_NO_SESSION;
	struct site_asked asked;
	struct site_wrong wrong = site_asked_read(v, &asked);
	struct why why = { "" };
	size_t put = 0, step = SITE_CSV_STEP;
	struct buf out;
	enum err e = ERR_OK;

	if (wrong.problem != NULL) { /* the page says what is wrong */
		site_audit_show(app, req, res, v);
		return;
	}
	asked.limit = SITE_CSV_STEP;
	buf_init(&out, RESPONSE_BODY_MAX);
	site_csv_row(&out,
		     (struct str[]){ STR("at"), STR("event"), STR("user_id"), STR("name"),
				     STR("actor"), STR("address"), STR("session"),
				     STR("detail") },
		     8);
	while (e == ERR_OK && step == SITE_CSV_STEP && !site_csv_is_full(&out, put))
		e = put_step(app, v, &asked, &out, &put, &step, &refusal, &why);
	if (site_granted(app, req, res, e, refusal, &why))
		site_csv_send(res, "audit.csv", &out);
	buf_done(&out);
}
