#include "import/csv.h"

#include <string.h>

static const char formula[] = "=+-@\t\r'";

void
csv_init(struct csv *c, struct str text)
{
	*c = (struct csv){ .rest = text, .next = 1 };
	buf_init(&c->text, CSV_ROW_MAX);
	if (str_starts_with(text, STR("\xef\xbb\xbf")))
		c->rest = str_sub(text, 3, text.n);
}

void
csv_done(struct csv *c)
{
	buf_done(&c->text);
	c->n = 0;
}

/* ---- reading ---- */

/* The next byte of the text, or -1 at its end. */
static int
peek(const struct csv *c)
{
	return c->rest.n == 0 ? -1 : (unsigned char)c->rest.p[0];
}

static void
skip(struct csv *c)
{
	if (c->rest.p[0] == '\n')
		c->next++;
	c->rest = str_sub(c->rest, 1, c->rest.n);
}

/* Is there a line end? CR alone is none. */
static bool
at_line_end(const struct csv *c)
{
	return peek(c) == '\n' || str_starts_with(c->rest, STR("\r\n"));
}

static void
skip_line_end(struct csv *c)
{
	if (peek(c) == '\r')
		skip(c);
	if (peek(c) == '\n')
		skip(c);
}

static void
refuse(struct csv *c, const char *wrong)
{
	if (c->wrong == NULL)
		c->wrong = wrong;
}

static void
take_plain(struct csv *c)
{
	while (peek(c) >= 0 && peek(c) != ',' && !at_line_end(c)) {
		if (peek(c) == '"')
			refuse(c, "a quote inside a cell that does not begin with one");
		buf_addc(&c->text, c->rest.p[0]);
		skip(c);
	}
}

static void
take_quoted(struct csv *c)
{
	skip(c);
	for (;;) {
		if (peek(c) < 0) {
			refuse(c, "a quoted cell does not end");
			return;
		}
		if (peek(c) == '"') {
			skip(c);
			if (peek(c) != '"')
				break;
		}
		buf_addc(&c->text, c->rest.p[0]);
		skip(c);
	}
	if (peek(c) >= 0 && peek(c) != ',' && !at_line_end(c)) {
		refuse(c, "there is something after the closing quote of a cell");
		take_plain(c);
	}
}

/* The cells have moved while the text grew: lay them out by their lengths. */
static void
lay_out(struct csv *c, const size_t *ends)
{
	size_t at = 0;

	for (size_t i = 0; i < c->n; i++) {
		c->cells[i] = str_sub(buf_str(&c->text), at, ends[i] - at);
		at = ends[i];
	}
}

static void
take_row(struct csv *c)
{
	size_t ends[CSV_CELLS_MAX];

	for (;;) {
		if (peek(c) == '"')
			take_quoted(c);
		else
			take_plain(c);
		if (c->n < CSV_CELLS_MAX)
			ends[c->n++] = c->text.n;
		else
			refuse(c, "too many cells");
		if (peek(c) != ',')
			break;
		skip(c);
	}
	skip_line_end(c);
	if (c->text.failed)
		refuse(c, "the row is too long");
	if (c->wrong == NULL)
		lay_out(c, ends);
	else
		c->n = 0;
}

enum csv_next
csv_next(struct csv *c)
{
	c->n = 0;
	c->wrong = NULL;
	buf_clear(&c->text);
	while (at_line_end(c))
		skip_line_end(c);
	c->line = c->next;
	if (peek(c) < 0)
		return CSV_END;
	take_row(c);
	return c->wrong == NULL ? CSV_ROW : CSV_REFUSED;
}

/* ---- formulas, and writing ---- */

static bool
is_formula(struct str cell)
{
	return cell.n > 0 && cell.p[0] != '\0' && strchr(formula, cell.p[0]) != NULL;
}

struct str
csv_plain(struct str cell)
{
	struct str rest = str_sub(cell, 1, cell.n);

	return cell.n > 0 && cell.p[0] == '\'' && is_formula(rest) ? rest : cell;
}

static bool
needs_quotes(struct str cell)
{
	return memchr(cell.p, ',', cell.n) != NULL ||
	       memchr(cell.p, '"', cell.n) != NULL ||
	       memchr(cell.p, '\n', cell.n) != NULL ||
	       memchr(cell.p, '\r', cell.n) != NULL;
}

void
csv_put(struct buf *out, struct str cell, bool first)
{
	bool quotes = is_formula(cell) || (cell.n > 0 && needs_quotes(cell));

	if (!first)
		buf_addc(out, ',');
	if (quotes)
		buf_addc(out, '"');
	if (is_formula(cell))
		buf_addc(out, '\'');
	for (size_t i = 0; i < cell.n; i++) {
		if (cell.p[i] == '"')
			buf_addc(out, '"');
		buf_addc(out, cell.p[i]);
	}
	if (quotes)
		buf_addc(out, '"');
}

void
csv_put_end(struct buf *out)
{
	buf_addz(out, "\r\n");
}
