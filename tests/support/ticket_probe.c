/*
 * The table of tickets, for tests that go through every kind:
 *
 *   ticket_probe                     a line a kind: name, prefix, how it is kept, its life,
 *                                    1 or 0 for single use, the SQL function or nothing
 *   ticket_probe KIND < KEY          one of that kind, made now; its id is the nil UUID
 *   ticket_probe KIND BOUND < KEY    the same, bound
 *   ticket_probe KIND '' ID < KEY    of that id
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "ticket/ticket.h"
#include "ticket/ticket_fields.h"

static const char *const kept[] = { "sealed", "derived", "hashed" };

static void
print_table(void)
{
	for (enum ticket_kind k = 0; k < TICKET_KINDS; k++) {
		const struct ticket_row *row = ticket_row(k);

		printf("%s\t%s\t%s\t%lld\t%d\t%s\n", row->name, row->prefix,
		       kept[row->keep], (long long)row->life, row->once,
		       row->taken_by != NULL ? row->taken_by : "");
	}
}

static int
print_one(enum ticket_kind kind, const char *bound, const char *id)
{
	const struct ticket_row *row = ticket_row(kind);
	unsigned char fields[TICKET_FIELDS_MAX] = { 0 };
	char key[4096], text[TICKET_SIZE];
	size_t n = fread(key, 1, sizeof(key), stdin);
	enum err e;

	if (row->keep == TICKET_SEALED)
		ticket_put_number(fields + row->time_at, 8, time(NULL));
	else if (id != NULL && !ticket_put_uuid(fields, str_of(id)))
		return 2;
	e = row->keep == TICKET_HASHED
		    ? ticket_new(kind, text)
		    : ticket_make(kind, (struct str){ key, n },
				  (struct str){ (const char *)fields, row->fields },
				  str_of(bound), text);
	printf("%s\n", text);
	return e == ERR_OK ? 0 : 1;
}

int
main(int argc, char **argv)
{
	if (argc < 2) {
		print_table();
		return 0;
	}
	for (enum ticket_kind k = 0; k < TICKET_KINDS; k++)
		if (strcmp(argv[1], ticket_row(k)->name) == 0)
			return print_one(k, argc > 2 ? argv[2] : "",
					 argc > 3 ? argv[3] : NULL);
	fprintf(stderr, "ticket_probe: no kind %s\n", argv[1]);
	return 2;
}
