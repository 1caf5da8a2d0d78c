#include "check.h"

#include <stdio.h>
#include <string.h>

#include "import/csv.h"

/* Rows as text: cells end with |, rows with /, a refusal is !LINE:REASON/. */
static const char *
read_all(const char *text)
{
	static char out[1024];
	struct csv c;
	enum csv_next next;
	size_t n = 0;

	csv_init(&c, str_of(text));
	while ((next = csv_next(&c)) != CSV_END) {
		if (next == CSV_REFUSED)
			n += (size_t)snprintf(out + n, sizeof(out) - n, "!%zu:%s", c.line,
					      c.wrong);
		for (size_t i = 0; i < c.n; i++)
			n += (size_t)snprintf(out + n, sizeof(out) - n, "%.*s|",
					      STR_ARG(c.cells[i]));
		n += (size_t)snprintf(out + n, sizeof(out) - n, "/");
	}
	csv_done(&c);
	csv_done(&c);
	out[n] = '\0';
	return out;
}

static void
reads_rows_as_the_rfc_has_them(void **state)
{
	(void)state;
	assert_string_equal(read_all(""), "");
	assert_string_equal(read_all("\r\n\n"), "");
	assert_string_equal(read_all("a,b\r\nc,d"), "a|b|/c|d|/");
	assert_string_equal(read_all("a,b\nc,d\n"), "a|b|/c|d|/");
	assert_string_equal(read_all("\xef\xbb\xbf"
				     "a,b\n"),
			    "a|b|/");
	assert_string_equal(read_all("a,\n"), "a||/");
	assert_string_equal(read_all(",\n"), "||/");
	assert_string_equal(read_all("\"\"\n"), "|/");
	assert_string_equal(read_all("\"a,b\",\"c\"\"d\",\"e\nf\"\n"), "a,b|c\"d|e\nf|/");
	assert_string_equal(read_all("\"\"\"\",x\n"), "\"|x|/");
	assert_string_equal(read_all("a b , c\n"), "a b | c|/");
	assert_string_equal(read_all("a\rb,c\n"), "a\rb|c|/");
}

static void
refuses_quotes_in_wrong_places_and_goes_on(void **state)
{
	(void)state;
	assert_string_equal(read_all("a\"b,c\nd\n"),
			    "!1:a quote inside a cell that does not begin with one/d|/");
	assert_string_equal(
		read_all("x\n\"a\"b,c\nd\n"),
		"x|/!2:there is something after the closing quote of a cell/d|/");
	assert_string_equal(read_all("x\n\"a\nb,c\n"),
			    "x|/!2:a quoted cell does not end/");
}

/* The line is the one on which a row begins, however many lines its cells have. */
static void
counts_lines_within_cells(void **state)
{
	struct csv c;

	(void)state;
	csv_init(&c, STR("a\r\n\"b\nb\r\nb\"\r\n\r\nc\n"));
	assert_int_equal(csv_next(&c), CSV_ROW);
	assert_int_equal(c.line, 1);
	assert_int_equal(csv_next(&c), CSV_ROW);
	assert_int_equal(c.line, 2);
	assert_int_equal(csv_next(&c), CSV_ROW);
	assert_int_equal(c.line, 6);
	assert_int_equal(csv_next(&c), CSV_END);
	csv_done(&c);
}

static void
refuses_too_many_cells_and_too_long_rows(void **state)
{
	char commas[CSV_CELLS_MAX + 1];
	struct buf text;
	struct csv c;

	(void)state;
	memset(commas, ',', CSV_CELLS_MAX);
	commas[CSV_CELLS_MAX] = '\0';
	assert_string_equal(read_all(commas), "!1:too many cells/");
	commas[CSV_CELLS_MAX - 1] = '\0';
	assert_int_equal(strlen(read_all(commas)), CSV_CELLS_MAX + 1);
	buf_init(&text, CSV_ROW_MAX + 100);
	for (size_t i = 0; i <= CSV_ROW_MAX; i++)
		buf_addc(&text, 'x');
	buf_addz(&text, "\ny\n");
	csv_init(&c, buf_str(&text));
	assert_int_equal(csv_next(&c), CSV_REFUSED);
	assert_string_equal(c.wrong, "the row is too long");
	assert_int_equal(csv_next(&c), CSV_ROW);
	assert_true(str_is(c.cells[0], "y"));
	csv_done(&c);
	buf_done(&text);
}

/* What is written is read again as it was, and no cell of it is a formula. */
static void
writes_what_it_reads_and_no_formula(void **state)
{
	static const char *const cells[] = {
		"",         "plain",     "a,b",    "a\"b",
		"a\nb",     "=1+1",      "+1",     "-1",
		"@SUM(A1)", "\tx",       "\rx",    "'x",
		"''x",      "'=1",       "x=1",    " =",
		"a b",      "\"",        "=\"a\"", "'",
		"-",        "z\xc3\xb6", "a\r\nb", "=cmd|' /C calc'!A0",
	};
	struct buf text;
	struct csv c;

	(void)state;
	buf_init(&text, 4096);
	for (size_t i = 0; i < COUNT(cells); i++)
		csv_put(&text, str_of(cells[i]), i == 0);
	csv_put_end(&text);
	csv_init(&c, buf_str(&text));
	assert_int_equal(csv_next(&c), CSV_ROW);
	assert_int_equal(c.n, COUNT(cells));
	for (size_t i = 0; i < c.n; i++) {
		assert_true(str_is(csv_plain(c.cells[i]), cells[i]));
		if (c.cells[i].n > 0)
			assert_null(strchr("=+-@\t\r", c.cells[i].p[0]));
	}
	assert_int_equal(csv_next(&c), CSV_END);
	csv_done(&c);
	buf_done(&text);
}

static void
leaves_other_apostrophes_alone(void **state)
{
	(void)state;
	assert_true(str_is(csv_plain(STR("'x")), "'x"));
	assert_true(str_is(csv_plain(STR("'")), "'"));
	assert_true(str_is(csv_plain(STR("x'=")), "x'="));
	assert_true(str_is(csv_plain(STR("")), ""));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_rows_as_the_rfc_has_them),
		cmocka_unit_test(refuses_quotes_in_wrong_places_and_goes_on),
		cmocka_unit_test(counts_lines_within_cells),
		cmocka_unit_test(refuses_too_many_cells_and_too_long_rows),
		cmocka_unit_test(writes_what_it_reads_and_no_formula),
		cmocka_unit_test(leaves_other_apostrophes_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
