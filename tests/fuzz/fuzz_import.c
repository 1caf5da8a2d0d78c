/*
 * Users from elsewhere: whatever the text is, each source ends, hands over only text, and
 * names lines that there are. CSV that is written from the cells of a row is read as that
 * row again.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "import/csv.h"
#include "import/import.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_line(const struct str *all, size_t line)
{
	size_t lines = 1;

	for (size_t i = 0; i < all->n; i++)
		lines += all->p[i] == '\n';
	if (line == 0 || line > lines)
		abort();
}

static bool
take(void *context, const struct import_user *user)
{
	check_line(context, user->line);
	if (!str_is_utf8(user->name) ||
	    memchr(user->name.p, '\0', user->name.n) != NULL ||
	    user->n_roles > IMPORT_ROLES_MAX)
		abort();
	return true;
}

static bool
refuse(void *context, size_t line, struct str name, const char *reason)
{
	(void)name;
	check_line(context, line);
	if (reason[0] == '\0')
		abort();
	return true;
}

static void
check_source(const char *name, struct str text)
{
	const struct import_taker taker = { take, refuse, &text };
	struct why why = { "" };

	if (import_find(str_of(name))->read(text, &taker, &why) != ERR_OK &&
	    why.text[0] == '\0')
		abort();
}

static void
check_again(const struct csv *row)
{
	struct buf out;
	struct csv again;

	buf_init(&out, (size_t)4 * CSV_ROW_MAX);
	buf_addz(&out, "x\n"); /* so that no cell is where a byte order mark may be */
	for (size_t i = 0; i < row->n; i++)
		csv_put(&out, row->cells[i], i == 0);
	csv_put_end(&out);
	csv_init(&again, buf_str(&out));
	if (csv_next(&again) != CSV_ROW)
		abort();
	/* a row of one empty cell is an empty line */
	if (csv_next(&again) == CSV_ROW) {
		if (again.n != row->n)
			abort();
		for (size_t i = 0; i < row->n; i++)
			if (!str_eq(csv_plain(again.cells[i]), row->cells[i]))
				abort();
	} else if ((row->n != 1 || row->cells[0].n > 0) &&
		   row->text.n < CSV_ROW_MAX / 2) {
		abort();
	}
	csv_done(&again);
	buf_done(&out);
}

static void
check_csv(struct str text)
{
	struct csv c;
	enum csv_next next;

	csv_init(&c, text);
	while ((next = csv_next(&c)) != CSV_END) {
		check_line(&text, c.line);
		if (next == CSV_ROW)
			check_again(&c);
	}
	csv_done(&c);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const sources[] = { "",         "jsonl",     "csv",
					       "htpasswd", "wordpress", "django",
					       "glewlwyd" };
	struct str text = { (const char *)data, size };

	if (size > 65536)
		return 0;
	check_csv(text);
	for (size_t i = 0; i < sizeof(sources) / sizeof(*sources); i++)
		check_source(sources[i], text);
	return 0;
}
