#include "import/import_columns.h"

#include "import/csv.h"
#include "import/import_parts.h"

struct header {
	enum import_meaning of[CSV_CELLS_MAX];
	size_t n;
};

/* ---- the header ---- */

static const struct import_column *
find(const struct import_column *columns, struct str name)
{
	for (; columns->name != NULL; columns++)
		if (str_eq_nocase(name, str_of(columns->name)))
			return columns;
	return NULL;
}

/* One column of the header, which may be there once. */
static enum err
take_column(struct header *h, struct str name, const struct import_column *columns,
	    bool others, struct why *why)
{
	const struct import_column *column = find(columns, name);

	if (column == NULL && !others)
		return why_set(
			why, ERR_SYNTAX,
			"line 1: column %zu of the header has no name that is known "
			"here; the first line must be like "
			"name,address,display_name,roles",
			h->n + 1);
	for (size_t i = 0; column != NULL && column->meaning != IMPORT_UNUSED && i < h->n;
	     i++)
		if (h->of[i] == column->meaning)
			return why_set(why, ERR_SYNTAX,
				       "line 1: the header has the column %s twice",
				       column->name);
	h->of[h->n++] = column == NULL ? IMPORT_UNUSED : column->meaning;
	return ERR_OK;
}

static enum err
take_header(struct csv *csv, struct header *h, const struct import_column *columns,
	    bool others, struct why *why)
{
	enum csv_next next = csv_next(csv);
	bool named = false;
	enum err e = ERR_OK;

	*h = (struct header){ .n = 0 };
	if (next == CSV_END)
		return why_set(
			why, ERR_SYNTAX,
			"the text is empty: a line that names the columns is missing");
	if (next == CSV_REFUSED)
		return why_set(why, ERR_SYNTAX, "line %zu: %s", csv->line, csv->wrong);
	if (csv->n == 1 && str_index(csv->cells[0], ';') < csv->cells[0].n)
		return why_set(
			why, ERR_SYNTAX,
			"line 1: the cells are separated by semicolons; commas are "
			"wanted");
	for (size_t i = 0; e == ERR_OK && i < csv->n; i++)
		e = take_column(h, str_trim(csv->cells[i]), columns, others, why);
	for (size_t i = 0; i < h->n; i++)
		named = named || h->of[i] == IMPORT_NAME;
	if (e == ERR_OK && !named)
		e = why_set(why, ERR_SYNTAX,
			    "line 1: the header has no column for the name");
	return e;
}

/* ---- rows ---- */

/* False if `cell` is neither a yes nor a no. */
static bool
take_yes(struct str cell, bool of_empty, bool *yes)
{
	static const char *const no[] = { "false", "0", "no" };
	static const char *const is[] = { "true", "1", "yes" };

	*yes = of_empty;
	if (cell.n == 0)
		return true;
	for (size_t i = 0; i < 3; i++) {
		if (str_eq_nocase(cell, str_of(is[i]))) {
			*yes = true;
			return true;
		}
		if (str_eq_nocase(cell, str_of(no[i]))) {
			*yes = false;
			return true;
		}
	}
	return false;
}

/* Returns what is wrong, or NULL. */
static const char *
take_cell(struct import_user *user, enum import_meaning meaning, struct str cell)
{
	bool verified;

	switch (meaning) {
	case IMPORT_UNUSED:
		return NULL;
	case IMPORT_NAME:
		user->name = cell;
		return NULL;
	case IMPORT_ADDRESS:
		user->address = cell;
		return NULL;
	case IMPORT_DISPLAY_NAME:
		user->display_name = cell;
		return NULL;
	case IMPORT_HASH:
		user->hash = cell;
		return NULL;
	case IMPORT_ROLES:
		return import_roles(user, cell) ? NULL : "too many roles";
	case IMPORT_DISABLED:
		return take_yes(cell, false, &user->disabled)
			       ? NULL
			       : "disabled must be true or false";
	case IMPORT_VERIFIED:
		if (!take_yes(cell, true, &verified))
			return "verified must be true or false";
		user->unverified = !verified;
		return NULL;
	}
	return NULL;
}

static bool
take_row(const struct csv *csv, const struct header *h, const struct import_taker *taker)
{
	struct import_user user = { .line = csv->line };
	const char *wrong = NULL;

	if (csv->n != h->n)
		return taker->refuse(taker->context, csv->line, STR(""),
				     csv->n < h->n ? "it has fewer cells than the header"
						   : "it has more cells than the header");
	for (size_t i = 0; i < h->n && wrong == NULL; i++)
		wrong = take_cell(&user, h->of[i], csv_plain(csv->cells[i]));
	if (wrong != NULL)
		return taker->refuse(taker->context, csv->line, user.name, wrong);
	return import_give(taker, &user);
}

enum err
import_columns(struct str text, const struct import_column *columns, bool others,
	       const struct import_taker *taker, struct why *why)
{
	struct csv csv;
	struct header h;
	enum csv_next next;
	bool going = true;
	enum err e;

	csv_init(&csv, text);
	e = take_header(&csv, &h, columns, others, why);
	while (e == ERR_OK && going && (next = csv_next(&csv)) != CSV_END)
		going = next == CSV_ROW ? take_row(&csv, &h, taker)
					: taker->refuse(taker->context, csv.line, STR(""),
							csv.wrong);
	csv_done(&csv);
	return e;
}
