/* /admin/people/import: a file of new people. */
#include "admin/members/members_parts.h"

#include <stdio.h>
#include <stdlib.h>

#include "access/client.h"
#include "base/log.h"
#include "config/config.h"
#include "import/import_columns.h"
#include "serve/power_database.h"
#include "serve/serve.h"
#include "store/admin/admin_members.h"
#include "json/json.h"

#define PEOPLE_MAX 500 /* in one file */
#define JSON_MAX (1024 * 1024)
#define TEXT_MAX (512 * 1024)
#define ROW_FIELDS 6
#define NUMBER_SIZE 24

/* Those that the export writes, too. */
static const struct import_column columns[] = {
	{ "name", IMPORT_NAME },
	{ "address", IMPORT_ADDRESS },
	{ "display_name", IMPORT_DISPLAY_NAME },
	{ "roles", IMPORT_ROLES },
	{ "disabled", IMPORT_DISABLED },
	{ NULL, IMPORT_UNUSED },
};

/* One user of the file, or what is no user. */
struct row {
	char line[NUMBER_SIZE];
	size_t name_at, name_n; /* in `text` */
	const char *reason;     /* why it is no user; in English, without a value of it */
	const char *said;       /* what becomes of it: a phrase */
	bool good;
	struct template_field fields[ROW_FIELDS];
};

struct report {
	struct row row[PEOPLE_MAX];
	struct template_scope scopes[PEOPLE_MAX];
	size_t n;
	size_t n_good;
	bool too_many;
	bool done;           /* they were added, and not only looked at */
	struct buf text;     /* the names */
	struct buf json;     /* the users, for the database */
	const char *problem; /* of the file as a whole: a phrase */
	struct why why;      /* what it is about, in English */
};

/* ---- reading the file ---- */

/* NULL: there are too many. */
static struct row *
row_new(struct report *r, size_t line, struct str name)
{
	struct row *row = &r->row[r->n];

	if (r->n == PEOPLE_MAX) {
		r->too_many = true;
		return NULL;
	}
	r->n++;
	snprintf(row->line, sizeof(row->line), "%zu", line);
	row->name_at = r->text.n;
	row->name_n = name.n;
	buf_add(&r->text, name);
	return row;
}

static void
put_user(struct buf *json, const struct import_user *user)
{
	json_put_open(json, '{');
	json_put_member(json, "name", user->name);
	if (user->address.n > 0)
		json_put_member(json, "address", user->address);
	if (user->display_name.n > 0)
		json_put_member(json, "display_name", user->display_name);
	json_put_member_bool(json, "disabled", user->disabled);
	json_put_name(json, "roles");
	json_put_open(json, '[');
	for (size_t i = 0; i < user->n_roles; i++)
		json_put_str(json, user->roles[i]);
	json_put_close(json, ']');
	json_put_close(json, '}');
}

static bool
take(void *context, const struct import_user *user)
{
	struct report *r = context;

	if (row_new(r, user->line, user->name) == NULL)
		return false;
	put_user(&r->json, user);
	return true;
}

static bool
refuse(void *context, size_t line, struct str name, const char *reason)
{
	struct row *row = row_new(context, line, name);

	if (row == NULL)
		return false;
	row->reason = reason;
	row->said = "admin_import.unreadable";
	return true;
}

static bool
is_text(struct str csv)
{
	return str_is_utf8(csv) && str_index(csv, '\0') == csv.n;
}

/* False: the file as a whole is refused, and `problem` says why. */
static bool
read_file(struct report *r, struct str csv)
{
	const struct import_taker taker = { take, refuse, r };

	json_put_open(&r->json, '[');
	if (!is_text(csv))
		r->problem = "admin_import.not_text";
	else if (str_trim(csv).n == 0)
		r->problem = "admin_import.empty";
	else if (import_columns(csv, columns, false, &taker, &r->why) != ERR_OK)
		r->problem = "admin_import.no_table";
	else if (r->too_many)
		r->problem = "admin_import.too_many";
	json_put_close(&r->json, ']');
	return r->problem == NULL;
}

/* ---- what becomes of each ---- */

/* A word of admin_import. */
static const struct {
	const char *word, *dry, *done;
} outcomes[] = {
	{ "mailed", "admin_import.can_mail", "admin_import.mailed" },
	{ "ok", "admin_import.can_add", "admin_import.added" },
	{ "taken", "admin_import.taken", "admin_import.taken" },
	{ "given up", "admin.given_up", "admin.given_up" },
	{ "not own", "admin.not_own", "admin.not_own" },
	{ "address taken", "admin.address_taken", "admin.address_taken" },
	{ "rights", "admin.roles_beyond", "admin.roles_beyond" },
	{ "name", "admin.name_invalid", "admin.name_invalid" },
	{ "address", "admin.address_invalid", "admin.address_invalid" },
	{ "display_name", "admin.display_name_invalid", "admin.display_name_invalid" },
	{ "roles", "admin.roles_invalid", "admin.roles_invalid" },
};

static void
say(struct report *r, struct row *row, struct str outcome)
{
	for (size_t i = 0; i < sizeof(outcomes) / sizeof(*outcomes); i++)
		if (str_is(outcome, outcomes[i].word)) {
			row->said = r->done ? outcomes[i].done : outcomes[i].dry;
			row->good = i < 2;
			r->n_good += row->good;
		}
}

static enum err
ask_database(struct app *app, const struct request *req, const struct visit *v,
	     struct report *r, enum admin_refusal *refusal, struct why *why)
{
	struct db_rows *rows = NULL;
	size_t next = 0;
	enum err e;

	if (r->json.failed || r->text.failed)
		return why_set(why, ERR_MEMORY, "the file is too long");
	e = admin_import(app_db(app), v->who.claims->sid, buf_str(&r->json),
			 config_has_mail(app->config), !r->done, client_address(app, req),
			 &rows, refusal, why);
	for (size_t i = 0; e == ERR_OK && i < r->n && next < db_count(rows); i++)
		if (r->row[i].reason == NULL)
			say(r, &r->row[i], db_str(rows, next++, 1));
	db_rows_free(rows);
	return e;
}

/* ---- the page ---- */

static void
fill(struct report *r)
{
	for (size_t i = 0; i < r->n; i++) {
		struct row *row = &r->row[i];
		struct template_field *f = row->fields;

		f[0] = text("line", str_of(row->line));
		f[1] = text("name",
			    str_sub(buf_str(&r->text), row->name_at, row->name_n));
		f[2] = phrase("said", row->said);
		f[3] = text("reason", str_of(row->reason));
		f[4] = flag("good", row->good);
		f[5] = flag("is_there", row->good && r->done);
		r->scopes[i] = (struct template_scope){ f, ROW_FIELDS };
	}
}

/* The file for the field of the page: without byte order mark and CR. */
static void
put_lines(struct buf *out, struct str csv)
{
	static const struct str mark = { "\xef\xbb\xbf", 3 };

	if (!is_text(csv))
		return;
	if (str_starts_with(csv, mark))
		csv = str_sub(csv, mark.n, csv.n);
	for (size_t i = 0; i < csv.n; i++)
		if (csv.p[i] != '\r')
			buf_addc(out, csv.p[i]);
}

static void
send(struct app *app, const struct request *req, struct response *res,
     const struct visit *v, struct report *r, struct str csv)
{
	char good[NUMBER_SIZE], bad[NUMBER_SIZE];
	struct admin_frame frame;
	struct page *page = &frame.page;
	struct why why = { "" };
	struct buf lines;
	enum err e;

	buf_init(&lines, REQUEST_BODY_MAX);
	put_lines(&lines, csv);
	fill(r);
	snprintf(good, sizeof(good), "%zu", r->n_good);
	snprintf(bad, sizeof(bad), "%zu", r->n - r->n_good);
	if ((e = admin_page(app, req, v, "admin_import", &frame)) == ERR_OK) {
		page_phrase(page, "problem", r->problem);
		page_text(page, "why", str_of(r->why.text));
		page_text(page, "csv", buf_str(&lines));
		page_list(page, "rows", r->scopes, r->problem == NULL ? r->n : 0);
		page_text(page, "n_good", r->n_good > 0 ? str_of(good) : STR(""));
		page_text(page, "n_bad", r->n > r->n_good ? str_of(bad) : STR(""));
		page_flag(page, "checked",
			  r->problem == NULL && r->n_good > 0 && !r->done);
		page_flag(page, "done", r->done && r->problem == NULL);
		page_send(page, r->problem != NULL ? 422 : 200, res);
	} else {
		admin_unavailable(app, req, res, e, &why);
	}
	admin_frame_done(&frame);
	buf_done(&lines);
}

static struct report *
report_new(void)
{
	struct report *r = calloc(1, sizeof(*r));

	if (r != NULL) {
		buf_init(&r->text, TEXT_MAX);
		buf_init(&r->json, JSON_MAX);
	}
	return r;
}

static void
report_free(struct report *r)
{
	if (r == NULL)
		return;
	buf_done(&r->text);
	buf_done(&r->json);
	free(r);
}

void
members_import_show(struct app *app, const struct request *req, struct response *res,
		    const struct visit *v)
{
	struct report *r = report_new();
	struct why why = { "" };

	if (r != NULL)
		send(app, req, res, v, r, STR(""));
	else
		admin_unavailable(app, req, res, ERR_MEMORY, &why);
	report_free(r);
}

/* The report, or what was refused before there was one. */
static void
answer(struct app *app, const struct request *req, struct response *res,
       const struct visit *v, struct report *r, struct str csv)
{
	enum admin_refusal refusal = ADMIN_GRANTED;
	struct why why = { "" };
	enum err e = ERR_OK;

	if (read_file(r, csv))
		e = ask_database(app, req, v, r, &refusal, &why);
	if (e != ERR_OK) {
		admin_unavailable(app, req, res, e, &why);
	} else if (refusal != ADMIN_GRANTED) {
		admin_refused(app, req, res, refusal);
	} else {
		if (r->done)
			LOG(LOG_INFO, "users_imported",
			    { "admin", str_of(admin_of(v)->name) },
			    { "address", client_address(app, req) });
		send(app, req, res, v, r, csv);
	}
}

void
members_import_post(struct app *app, const struct request *req, struct response *res,
		    const struct visit *v)
{
	struct report *r = report_new();
	struct str csv, word;
	struct why why = { "" };

	form_find(v->form, "csv", &csv);
	form_find(v->form, "do", &word);
	if (r == NULL) {
		admin_unavailable(app, req, res, ERR_MEMORY, &why);
	} else if (!str_is(word, "check") && !str_is(word, "import")) {
		serve_error(app, req, res, 400, "invalid_request",
			    "no button has this value of `do`");
	} else {
		r->done = str_is(word, "import");
		answer(app, req, res, v, r, csv);
	}
	report_free(r);
}
