#include "import/sql_scan.h"

#include <string.h>

static int
peek(const struct sql_scan *s, size_t more)
{
	return s->all.n - s->at > more ? (unsigned char)s->all.p[s->at + more] : -1;
}

static bool
is_word(int c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '+' || c >= 0x80;
}

/* ---- blanks and comments ---- */

static void
skip_to(struct sql_scan *s, const char *end)
{
	const char *p = memmem(s->all.p + s->at, s->all.n - s->at, end, strlen(end));

	s->at = p == NULL ? s->all.n : (size_t)(p - s->all.p) + strlen(end);
}

/* -- and # up to the end of the line, and C's. MySQL's conditional ones are skipped, too. */
static bool
skip_comment(struct sql_scan *s)
{
	if (peek(s, 0) == '#' || (peek(s, 0) == '-' && peek(s, 1) == '-'))
		skip_to(s, "\n");
	else if (peek(s, 0) == '/' && peek(s, 1) == '*')
		skip_to(s, "*/");
	else
		return false;
	return true;
}

static void
skip_blanks(struct sql_scan *s)
{
	while (s->at < s->all.n) {
		int c = peek(s, 0);

		if (c == ' ' || c == '\t' || c == '\r' || c == '\n')
			s->at++;
		else if (!skip_comment(s))
			return;
	}
}

/* ---- tokens ---- */

/* Up to the closing `quote`, which is doubled where it is meant as itself. */
static void
take_quoted(struct sql_scan *s, int quote, bool backslash)
{
	size_t from = ++s->at;

	s->quote = (char)quote;
	for (;;) {
		int c = peek(s, 0);

		if (c < 0) {
			s->cut = true;
			break;
		}
		if (c == '\\' && backslash && peek(s, 1) >= 0)
			s->at++;
		else if (c == quote && peek(s, 1) == quote)
			s->at++;
		else if (c == quote)
			break;
		s->at++;
	}
	s->text = str_sub(s->all, from, s->at - from);
	if (!s->cut)
		s->at++;
}

/* A name, a keyword or a number. */
static void
take_word(struct sql_scan *s)
{
	size_t from = s->at;

	while (is_word(peek(s, 0)) ||
	       (peek(s, 0) == '.' && s->all.p[from] >= '0' && s->all.p[from] <= '9'))
		s->at++;
	s->text = str_sub(s->all, from, s->at - from);
	s->token = SQL_WORD;
}

void
sql_scan_next(struct sql_scan *s)
{
	int c;

	skip_blanks(s);
	c = peek(s, 0);
	s->text = STR("");
	if (c < 0) {
		s->token = SQL_END;
	} else if (c == '\'') {
		take_quoted(s, c, s->backslash);
		s->token = SQL_STRING;
	} else if (c == '"' || c == '`') {
		take_quoted(s, c, c == '"' && s->backslash);
		s->token = c == '"' && s->backslash ? SQL_STRING : SQL_NAME;
	} else if (is_word(c)) {
		take_word(s);
	} else {
		s->token = c;
		s->at++;
	}
	if (s->cut)
		s->token = SQL_END;
}

bool
sql_scan_is(const struct sql_scan *s, const char *word)
{
	return s->token == SQL_WORD && str_eq_nocase(s->text, str_of(word));
}

/* ---- strings ---- */

static char
escaped(char c)
{
	static const char names[] = "0nrtbZ", values[] = "\0\n\r\t\b\032";
	const char *p = c == '\0' ? NULL : strchr(names, c);

	return p == NULL ? c : values[p - names];
}

void
sql_scan_add_string(const struct sql_scan *s, struct buf *out)
{
	struct str t = s->text;

	for (size_t i = 0; i < t.n; i++) {
		bool more = i + 1 < t.n;

		if (t.p[i] == '\\' && s->backslash && more) {
			buf_addc(out, escaped(t.p[++i]));
			continue;
		}
		buf_addc(out, t.p[i]);
		if (t.p[i] == s->quote && more && t.p[i + 1] == s->quote)
			i++;
	}
}

/* ---- places ---- */

size_t
sql_scan_line(struct sql_scan *s)
{
	for (; s->counted < s->at; s->counted++)
		if (s->all.p[s->counted] == '\n')
			s->line++;
	return s->line;
}

void
sql_scan_skip_copy(struct sql_scan *s)
{
	skip_to(s, "\n\\.");
	s->token = s->at < s->all.n ? ';' : SQL_END;
}

/* Names in backticks are MariaDB's and MySQL's, and so are backslashes in strings. */
static bool
is_mysql(struct str text)
{
	static const char *const marks[] = { "INSERT INTO `", "CREATE TABLE `" };

	for (size_t i = 0; i < 2; i++)
		if (memmem(text.p, text.n, marks[i], strlen(marks[i])) != NULL)
			return true;
	return false;
}

void
sql_scan_init(struct sql_scan *s, struct str text)
{
	*s = (struct sql_scan){ .all = text, .line = 1, .backslash = is_mysql(text) };
	if (str_starts_with(text, STR("\xef\xbb\xbf")))
		s->at = 3;
	sql_scan_next(s);
}
