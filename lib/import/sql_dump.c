#include "import/sql_dump.h"

#include "base/buf.h"
#include "import/sql_scan.h"

#define TABLES_MAX 8
#define COLUMNS_MAX 256 /* of a table */

/* Where the wanted columns of a table are. */
struct places {
	int of[SQL_DUMP_COLUMNS]; /* -1: nowhere */
	bool known;
};

struct reader {
	struct sql_scan scan;
	const struct sql_dump_table *tables;
	struct places created[TABLES_MAX]; /* as CREATE TABLE has them */
	void *context;
	struct buf text; /* of the wanted values of a row */
	bool found, stopped;
};

/* ---- which table, which columns ---- */

static const struct sql_dump_table *
find_table(const struct reader *r, struct str name, size_t *index)
{
	for (*index = 0; r->tables[*index].name != NULL; (*index)++) {
		const struct sql_dump_table *t = &r->tables[*index];

		if (t->prefixed ? str_ends_with(name, str_of(t->name))
				: str_is(name, t->name))
			return t;
	}
	return NULL;
}

static void
forget(struct places *p)
{
	p->known = false;
	for (size_t i = 0; i < SQL_DUMP_COLUMNS; i++)
		p->of[i] = -1;
}

static void
note_column(struct places *p, const struct sql_dump_table *t, struct str name, int at)
{
	for (size_t i = 0; t->columns[i] != NULL; i++) {
		const char *wanted = t->columns[i];

		if (str_is(name, wanted + (wanted[0] == '?')))
			p->of[i] = at;
	}
}

/* Are all that must be there there? */
static bool
is_ours(const struct places *p, const struct sql_dump_table *t)
{
	for (size_t i = 0; t->columns[i] != NULL; i++)
		if (p->of[i] < 0 && t->columns[i][0] != '?')
			return false;
	return true;
}

/* The name of a table or column, without its quotes. The last of a.b.c. */
static struct str
take_name(struct sql_scan *s)
{
	struct str name = STR("");

	while (s->token == SQL_WORD || s->token == SQL_NAME) {
		name = s->text;
		sql_scan_next(s);
		if (s->token != '.')
			break;
		sql_scan_next(s);
	}
	return name;
}

/* Skip to the comma or bracket that ends this item of a list. */
static void
skip_item(struct sql_scan *s)
{
	int depth = 0;

	for (; s->token != SQL_END && s->token != ';'; sql_scan_next(s)) {
		if (depth == 0 && (s->token == ',' || s->token == ')'))
			return;
		depth += s->token == '(' ? 1 : s->token == ')' ? -1 : 0;
	}
}

/* ( column …, column …, … ): the first word of each item. */
static void
take_columns(struct sql_scan *s, const struct sql_dump_table *t, struct places *p)
{
	int at = 0;

	forget(p);
	do {
		bool quoted;

		sql_scan_next(s); /* the bracket, or the comma */
		quoted = s->token == SQL_NAME;
		if ((quoted || s->token == SQL_WORD) && at < COLUMNS_MAX)
			note_column(p, t, s->text, at++);
		skip_item(s);
	} while (s->token == ',');
	if (s->token == ')')
		sql_scan_next(s);
	p->known = true;
}

static void
take_create(struct reader *r)
{
	struct sql_scan *s = &r->scan;
	const struct sql_dump_table *t;
	size_t i;

	if (!sql_scan_is(s, "TABLE"))
		return;
	sql_scan_next(s);
	while (sql_scan_is(s, "IF") || sql_scan_is(s, "NOT") || sql_scan_is(s, "EXISTS"))
		sql_scan_next(s);
	t = find_table(r, take_name(s), &i);
	if (t != NULL && s->token == '(')
		take_columns(s, t, &r->created[i]);
}

/* ---- rows ---- */

/* A value that is neither a string nor a plain word: its text is of no use. */
static void
skip_expression(struct sql_scan *s, const char **wrong)
{
	*wrong = "a value that is neither a string nor a number";
	skip_item(s);
}

/* Append the value's text to r->text; its length is what was added. */
static void
take_value(struct reader *r, bool *null, const char **wrong)
{
	struct sql_scan *s = &r->scan;

	*null = false;
	if (s->token == SQL_STRING) {
		sql_scan_add_string(s, &r->text);
		sql_scan_next(s);
	} else if (s->token == SQL_WORD) {
		*null = sql_scan_is(s, "NULL");
		if (!*null)
			buf_add(&r->text, s->text);
		sql_scan_next(s);
	}
	if (s->token != ',' && s->token != ')')
		skip_expression(s, wrong);
}

/* The value of column `at`, if it is wanted, into the row; else it is skipped. */
static bool
take_wanted(struct reader *r, const struct places *p, int at, struct sql_dump_row *row,
	    size_t *begins, size_t *lengths)
{
	for (size_t i = 0; i < SQL_DUMP_COLUMNS; i++) {
		if (p->of[i] != at)
			continue;
		begins[i] = r->text.n;
		take_value(r, &row->null[i], &row->wrong);
		lengths[i] = r->text.n - begins[i];
		return true;
	}
	return false;
}

/* ( value, … ) */
static void
take_row(struct reader *r, const struct sql_dump_table *t, const struct places *p,
	 struct str table)
{
	size_t begins[SQL_DUMP_COLUMNS] = { 0 }, lengths[SQL_DUMP_COLUMNS] = { 0 };
	struct sql_dump_row row = { .table = table, .line = sql_scan_line(&r->scan) };
	int at = 0;

	for (size_t i = 0; i < SQL_DUMP_COLUMNS; i++)
		row.null[i] = true;
	buf_clear(&r->text);
	do {
		sql_scan_next(&r->scan);
		if (!take_wanted(r, p, at++, &row, begins, lengths))
			skip_item(&r->scan);
	} while (r->scan.token == ',');
	if (r->scan.token == ')')
		sql_scan_next(&r->scan);
	if (r->text.failed)
		row.wrong = "the row is far too long";
	for (size_t i = 0; row.wrong == NULL && i < SQL_DUMP_COLUMNS; i++)
		row.values[i] = str_sub(buf_str(&r->text), begins[i], lengths[i]);
	r->found = true;
	r->stopped = !t->row(r->context, &row);
}

static void
take_insert(struct reader *r)
{
	struct sql_scan *s = &r->scan;
	const struct sql_dump_table *t;
	struct places own, *p = &own;
	struct str table;
	size_t i;

	while (s->token == SQL_WORD && !sql_scan_is(s, "INTO")) /* IGNORE, OR REPLACE */
		sql_scan_next(s);
	if (!sql_scan_is(s, "INTO"))
		return;
	sql_scan_next(s);
	table = take_name(s);
	if ((t = find_table(r, table, &i)) == NULL)
		return;
	if (s->token == '(')
		take_columns(s, t, p);
	else
		p = &r->created[i];
	if (!p->known || !is_ours(p, t) || !sql_scan_is(s, "VALUES"))
		return;
	do {
		sql_scan_next(s); /* VALUES, or the comma */
		if (s->token != '(')
			return;
		take_row(r, t, p, table);
	} while (s->token == ',' && !r->stopped);
}

/* COPY: what follows the statement are no statements. */
static enum err
refuse_copy(struct reader *r, struct why *why)
{
	size_t i;

	if (find_table(r, take_name(&r->scan), &i) == NULL) {
		sql_scan_skip_copy(&r->scan);
		return ERR_OK;
	}
	return why_set(why, ERR_SYNTAX,
		       "line %zu: the rows are written as COPY; make the dump with "
		       "pg_dump --inserts",
		       sql_scan_line(&r->scan));
}

static enum err
take_statement(struct reader *r, struct why *why)
{
	struct sql_scan *s = &r->scan;
	bool copy = sql_scan_is(s, "COPY"), create = sql_scan_is(s, "CREATE");
	bool insert = sql_scan_is(s, "INSERT") || sql_scan_is(s, "REPLACE");

	if (!copy && !create && !insert)
		return ERR_OK;
	sql_scan_next(s);
	if (copy)
		return refuse_copy(r, why);
	if (create)
		take_create(r);
	else
		take_insert(r);
	return ERR_OK;
}

enum err
sql_dump_read(struct str text, const struct sql_dump_table *tables, void *context,
	      bool *found, struct why *why)
{
	struct reader r = { .tables = tables, .context = context };
	enum err e = ERR_OK;

	buf_init(&r.text, SQL_DUMP_ROW_MAX);
	for (size_t i = 0; i < TABLES_MAX; i++)
		forget(&r.created[i]);
	sql_scan_init(&r.scan, text);
	while (e == ERR_OK && !r.stopped && r.scan.token != SQL_END) {
		e = take_statement(&r, why);
		while (e == ERR_OK && !r.stopped && r.scan.token != ';' &&
		       r.scan.token != SQL_END)
			sql_scan_next(&r.scan);
		if (r.scan.token == ';')
			sql_scan_next(&r.scan);
	}
	if (e == ERR_OK && r.scan.cut)
		e = why_set(why, ERR_SYNTAX,
			    "line %zu: the text ends within a string: it is not whole",
			    sql_scan_line(&r.scan));
	buf_done(&r.text);
	*found = r.found;
	return e;
}
