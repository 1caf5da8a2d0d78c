/* /admin/roles: who holds the roles, and which rules name them. */
#include <stdlib.h>
#include <string.h>

#include "access/urls.h"
#include "admin/site/site_parts.h"
#include "ruleset/ruleset.h"
#include "serve/power_database.h"
#include "store/admin/site.h"

#define ROLES_SHOWN 50
#define RULES_SHOWN 20 /* of one role */
#define NAMED_MAX 200  /* different roles that rules name */
#define ROW_FIELDS 7

/* Columns of site_roles. */
enum { COLUMN_ROLE, COLUMN_PEOPLE, COLUMN_DISABLED, COLUMN_OPENS, COLUMN_GIVES };

/* One role in the form for the template. */
struct row {
	struct template_field fields[ROW_FIELDS];
	struct template_field rule[RULES_SHOWN][2];
	struct template_scope rules[RULES_SHOWN];
	char people[SITE_NUMBER_SIZE], disabled[SITE_NUMBER_SIZE];
};

/* The rules of the settings; the page can do without them. */
struct named {
	struct rules rules;
	bool unreadable;
	struct str roles[NAMED_MAX]; /* of all rules, each once */
	size_t n;
};

static void
add_named(struct named *named, const struct str *roles, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		size_t j = 0;

		while (j < named->n && !str_eq(named->roles[j], roles[i]))
			j++;
		if (j == named->n && j < NAMED_MAX)
			named->roles[named->n++] = roles[i];
	}
}

static void
read_named(const struct app *app, struct named *named)
{
	memset(named, 0, sizeof(*named));
	named->unreadable = ruleset_read(app->config, &named->rules, NULL) != ERR_OK;
	for (size_t i = 0; i < named->rules.n && !named->unreadable; i++) {
		const struct rule *r = &named->rules.rule[i];

		add_named(named, r->any_of, r->n_any_of);
		add_named(named, r->all_of, r->n_all_of);
	}
}

/* The rules that name the role. Returns how many are in the list. */
static size_t
list_rules(struct row *row, const struct named *named, struct str role, bool *more)
{
	size_t n = 0;

	*more = false;
	for (size_t i = 0; i < named->rules.n && !named->unreadable; i++) {
		const struct rule *r = &named->rules.rule[i];

		if (!ruleset_names_role(r, role))
			continue;
		if ((*more = n == RULES_SHOWN))
			break;
		row->rule[n][0] = text("rule", str_of(r->text));
		row->rule[n][1] = text("where", str_of(r->where));
		row->rules[n] = (struct template_scope){ row->rule[n], 2 };
		n++;
	}
	return n;
}

static struct template_scope
fill_held(struct row *row, const struct named *named, const struct db_rows *rows,
	  size_t i)
{
	struct template_field *f = row->fields;
	struct str role = db_str(rows, i, COLUMN_ROLE);
	bool more;
	size_t n = list_rules(row, named, role, &more);

	f[0] = text("role", role);
	f[1] = text("people", site_number(db_int(rows, i, COLUMN_PEOPLE), row->people));
	f[2] = text("disabled", db_int(rows, i, COLUMN_DISABLED) == 0
					? STR("")
					: site_number(db_int(rows, i, COLUMN_DISABLED),
						      row->disabled));
	f[3] = flag("opens", db_bool(rows, i, COLUMN_OPENS));
	f[4] = flag("gives", db_bool(rows, i, COLUMN_GIVES));
	f[5] = list("rules", row->rules, n);
	f[6] = flag("more_rules", more);
	return (struct template_scope){ f, ROW_FIELDS };
}

static struct template_scope
fill_free(struct row *row, const struct named *named, const struct db_rows *rows,
	  size_t i)
{
	struct str role = db_str(rows, i, COLUMN_ROLE);
	bool more;
	size_t n = list_rules(row, named, role, &more);

	row->fields[0] = text("role", role);
	row->fields[1] = list("rules", row->rules, n);
	row->fields[2] = flag("more_rules", more);
	return (struct template_scope){ row->fields, 3 };
}

/* The page's rows. */
struct shown {
	struct row *rows;
	struct template_scope *scopes;
	size_t held, unheld; /* the first, and those after them */
};

static enum err
fill(struct shown *shown, const struct named *named, const struct db_rows *held,
     const struct db_rows *unheld)
{
	size_t n_unheld = unheld == NULL ? 0 : db_count(unheld); /* on the first page */
	size_t n = db_count(held) + n_unheld;

	shown->rows = calloc(n + 1, sizeof(*shown->rows));
	shown->scopes = calloc(n + 1, sizeof(*shown->scopes));
	if (shown->rows == NULL || shown->scopes == NULL)
		return ERR_MEMORY;
	for (size_t i = 0; i < db_count(held); i++, shown->held++)
		shown->scopes[i] = fill_held(&shown->rows[i], named, held, i);
	for (size_t i = 0; i < n_unheld; i++, shown->unheld++)
		shown->scopes[shown->held + i] =
			fill_free(&shown->rows[shown->held + i], named, unheld, i);
	return ERR_OK;
}

static void
send(struct app *app, const struct request *req, struct response *res,
     const struct visit *v, const struct named *named, const struct shown *shown)
{
	struct admin_frame frame;
	struct page *page = &frame.page;
	struct why why = { "" };
	struct buf more;
	enum err e;

	buf_init(&more, 1024);
	if ((e = admin_page(app, req, v, "admin_roles", &frame)) == ERR_OK) {
		if (shown->held == ROLES_SHOWN) {
			buf_addz(&more, URL_ADMIN_ROLES);
			site_add_query(&more, "after",
				       shown->rows[ROLES_SHOWN - 1].fields[0].text);
		}
		page_flag(page, "rules_unreadable", named->unreadable);
		page_list(page, "held", shown->scopes, shown->held);
		page_list(page, "unheld", shown->scopes + shown->held, shown->unheld);
		page_text(page, "more", buf_str(&more));
		page_text(page, "csv", STR(URL_ADMIN_ROLES_CSV));
		page_send(page, 200, res);
	} else {
		admin_unavailable(app, req, res, e, &why);
	}
	admin_frame_done(&frame);
	buf_done(&more);
}

void
site_roles_show(struct app *app, const struct request *req, struct response *res,
		const struct visit *v)
{
	enum admin_refusal refusal = ADMIN_NO_SESSION;
	struct db_rows *held = NULL, *unheld = NULL;
	struct shown shown = { NULL };
	struct why why = { "" };
	struct named named;
	enum err e;

	read_named(app, &named);
	e = site_roles(app_db(app), site_sid(v), site_field(v, "after"), ROLES_SHOWN,
		       &held, &refusal, &why);
	if (e == ERR_OK && refusal == ADMIN_GRANTED && site_field(v, "after").n == 0)
		e = site_roles_free(app_db(app), site_sid(v), named.roles, named.n,
				    &unheld, &refusal, &why);
	if (e == ERR_OK && refusal == ADMIN_GRANTED)
		e = fill(&shown, &named, held, unheld);
	if (site_granted(app, req, res, e, refusal, &why))
		send(app, req, res, v, &named, &shown);
	free(shown.rows);
	free(shown.scopes);
	db_rows_free(held);
	db_rows_free(unheld);
	rules_done(&named.rules);
}

/* ---- the CSV ---- */

static void
put_row(struct buf *out, const struct named *named, const struct db_rows *rows, size_t i)
{
	char people[SITE_NUMBER_SIZE], disabled[SITE_NUMBER_SIZE];
	struct buf rules;

	buf_init(&rules, RULE_MAX_BYTES * 4);
	for (size_t r = 0; r < named->rules.n && !named->unreadable; r++)
		if (ruleset_names_role(&named->rules.rule[r],
				       db_str(rows, i, COLUMN_ROLE))) {
			if (rules.n > 0)
				buf_addz(&rules, "; ");
			buf_addz(&rules, named->rules.rule[r].text);
		}
	site_csv_row(
		out,
		(struct str[]){ db_str(rows, i, COLUMN_ROLE),
				site_number(db_int(rows, i, COLUMN_PEOPLE), people),
				site_number(db_int(rows, i, COLUMN_DISABLED), disabled),
				db_bool(rows, i, COLUMN_OPENS) ? STR("yes") : STR("no"),
				db_bool(rows, i, COLUMN_GIVES) ? STR("yes") : STR("no"),
				buf_str(&rules) },
		6);
	buf_done(&rules);
}

void
site_roles_csv(struct app *app, const struct request *req, struct response *res,
	       const struct visit *v)
{
	enum admin_refusal refusal = ADMIN_NO_SESSION;
	struct why why = { "" };
	struct db_rows *rows = NULL;
	struct named named;
	struct buf out, after;
	size_t n = 0, step = SITE_CSV_STEP;
	enum err e = ERR_OK;

	read_named(app, &named);
	buf_init(&out, RESPONSE_BODY_MAX);
	buf_init(&after, 256);
	site_csv_row(&out,
		     (struct str[]){ STR("role"), STR("people"), STR("disabled"),
				     STR("opens_admin"), STR("may_give"), STR("rules") },
		     6);
	while (e == ERR_OK && step == SITE_CSV_STEP && !site_csv_is_full(&out, n)) {
		e = site_roles(app_db(app), site_sid(v), buf_str(&after), SITE_CSV_STEP,
			       &rows, &refusal, &why);
		step = e == ERR_OK && refusal == ADMIN_GRANTED ? db_count(rows) : 0;
		for (size_t i = 0; i < step; i++, n++)
			put_row(&out, &named, rows, i);
		buf_clear(&after);
		if (step > 0)
			buf_add(&after, db_str(rows, step - 1, COLUMN_ROLE));
		db_rows_free(rows);
		rows = NULL;
	}
	if (site_granted(app, req, res, e, refusal, &why))
		site_csv_send(res, "roles.csv", &out);
	buf_done(&after);
	buf_done(&out);
	rules_done(&named.rules);
}
