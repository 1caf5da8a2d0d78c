/*
 * login_check on its own, for test_login_check.py:
 *
 *   login_probe [-m KIB] [-s SLOTS] [-w MIN_MS] STATE_DIR CONNINFO < LINES
 *
 * Each line: name TAB password TAB address TAB device TAB replaces. For each one
 * line: outcome TAB reason TAB wait TAB hashes computed TAB refresh TAB device TAB sid TAB
 * milliseconds. In name and password \0 stands for a NUL.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "people/login.h"

static const char *const outcomes[] = { "refused", "throttled", "allowed" };

/* The text up to the next tab, with \0 undone in place. */
static struct str
field(char **line)
{
	char *start = strsep(line, "\t"), *from = start, *to = start;

	if (start == NULL)
		return STR("");
	while (*from != '\0') {
		if (from[0] == '\\' && from[1] == '0') {
			*to++ = '\0';
			from += 2;
		} else {
			*to++ = *from++;
		}
	}
	return (struct str){ start, (size_t)(to - start) };
}

static void
try_line(const struct login_policy *policy, char *line)
{
	struct login_try try = { .now = time(NULL) };
	unsigned long before = password_count();
	int64_t start = clock_monotonic_ms();
	struct why why = { "" };
	struct login l;
	enum err e;

	try.name = field(&line);
	try.password = field(&line);
	try.address = field(&line);
	try.device = field(&line);
	try.replaces = field(&line);
	e = login_check(policy, &try, &l, &why);
	if (e != ERR_OK)
		printf("error %s: %s", err_text(e), why.text);
	else
		printf("%s", outcomes[l.outcome]);
	printf("\t%s\t%lld\t%lu\t%s\t%s\t%s\t%lld\n", l.reason != NULL ? l.reason : "",
	       (long long)l.wait, password_count() - before, l.refresh, l.device,
	       l.session.sid, (long long)(clock_monotonic_ms() - start));
	fflush(stdout);
	login_done(&l);
}

int
main(int argc, char **argv)
{
	struct login_policy policy = { .secret = STR(
					       "a secret of the tests, 32 bytes or more"),
				       .cost = { 1024 * 1024, 1 },
				       .slots = 64,
				       .session_idle = 3600,
				       .session_life = 7200,
				       .session_browser_life = 3600,
				       .sessions_max = 100 };
	struct why why = { "" };
	char *line = NULL;
	size_t size = 0;
	ssize_t n;
	int option;

	while ((option = getopt(argc, argv, "m:s:w:")) != -1) {
		if (option == 'm')
			policy.cost.memory = strtoul(optarg, NULL, 10) * 1024;
		else if (option == 's')
			policy.slots = (unsigned)strtoul(optarg, NULL, 10);
		else
			policy.min_ms = strtol(optarg, NULL, 10);
	}
	policy.state_dir = argv[optind];
	if (db_open(&policy.db, argv[optind + 1], "probe", &embedded_schema, &why) !=
	    ERR_OK) {
		fprintf(stderr, "%s\n", why.text);
		return 2;
	}
	while ((n = getline(&line, &size, stdin)) > 0) {
		line[n - 1] = '\0';
		try_line(&policy, line);
	}
	free(line);
	db_close(policy.db);
	return 0;
}
