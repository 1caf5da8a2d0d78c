/*
 * For bench/revocations.py.
 *
 *   revoked lookup A B N     ns of a look-up in the files at A and at B, in turns, of N
 *                            sids one after the other
 *   revoked publish CONNINFO PATH
 *                            ms of revocations_publish, for each line of standard input
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/log.h"
#include "db/db.h"
#include "people/revocations_publish.h"
#include "revocation/revocations.h"

#define LOOKUPS 20000
#define TURNS 41

static double
clock_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void
must(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "revoked: %s\n", what);
	exit(1);
}

/* Sids that are not listed, as nearly all that come are. */
static char sids[LOOKUPS][37];

static void
make_sids(void)
{
	for (int i = 0; i < LOOKUPS; i++)
		snprintf(sids[i], sizeof(sids[i]), "%08lx-%04lx-4000-9000-%012x",
			 (unsigned long)random() << 1 & 0xffffffff,
			 (unsigned long)random() & 0xffff, i);
}

static double
turn(struct revocations *r, int n)
{
	double start = clock_ns();

	for (int i = 0; i < LOOKUPS; i++)
		must(revocations_check(r, (struct str){ sids[i % n], 36 }, 1) ==
			     REVOCATIONS_NONE,
		     "a look-up failed");
	return (clock_ns() - start) / LOOKUPS;
}

static int
lookup(const char *a, const char *b, int n)
{
	struct revocations few, many;

	make_sids();
	revocations_init(&few, a, 0);
	revocations_init(&many, b, 0);
	must(n > 0 && n <= LOOKUPS, "so many sids cannot be asked for");
	turn(&few, n);
	turn(&many, n);
	for (int i = 0; i < TURNS; i++)
		printf("%.1f %.1f\n", turn(&few, n), turn(&many, n));
	revocations_done(&few);
	revocations_done(&many);
	return 0;
}

static int
publish(const char *conninfo, const char *path)
{
	struct why why = { "" };
	struct db *db;
	char line[80];

	must(db_open(&db, conninfo, "bench", &embedded_schema, &why) == ERR_OK, why.text);
	while (fgets(line, sizeof(line), stdin) != NULL) {
		double start = clock_ns();

		must(revocations_publish(db, path, &why) == ERR_OK, why.text);
		printf("%.3f\n", (clock_ns() - start) / 1e6);
		fflush(stdout);
	}
	db_close(db);
	return 0;
}

int
main(int argc, char **argv)
{
	log_open("revoked", LOG_ERROR);
	if (argc == 5 && strcmp(argv[1], "lookup") == 0)
		return lookup(argv[2], argv[3], (int)strtol(argv[4], NULL, 10));
	if (argc == 4 && strcmp(argv[1], "publish") == 0)
		return publish(argv[2], argv[3]);
	return 2;
}
