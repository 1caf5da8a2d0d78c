/*
 * A flow on its own, for test_flow.py:
 *
 *   login_probe [-m KIB] [-s SLOTS] [-w MIN_MS] [-k] [-o STEPS] STATE_DIR CONNINFO < LINES
 *
 * With -k the flow is kept in a file between the proof and the opening, as one that waits
 * for a second request, and nothing else of the first steps is left. STEPS, by default
 * "po", are a proof (p) and the opening (o), in any order and number.
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
#include "people/flow.h"

static const char *const states[] = { "refused", "throttled", "wants", "proven",
				      "allowed" };

static bool kept;
static const char *steps = "po";

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

/* Into a file and back; what is in memory goes. */
static void
keep(struct flow *flow)
{
	FILE *file = tmpfile();

	if (file == NULL || fwrite(flow, sizeof(*flow), 1, file) != 1)
		abort();
	memset(flow, 0x55, sizeof(*flow));
	rewind(file);
	if (fread(flow, sizeof(*flow), 1, file) != 1)
		abort();
	fclose(file);
}

static enum err
run(const struct flow_policy *policy, char *line, struct flow *flow,
    struct flow_opened *opened, struct why *why)
{
	struct flow_ask ask = { .now = time(NULL) };
	struct flow_wishes wishes = { .now = time(NULL) };
	struct proof proof = { .kind = &proof_password };
	char *start = line, *end = line + strlen(line);
	char replaces[REFRESH_SIZE] = "";
	enum err e;

	ask.name = field(&line);
	proof.shown = field(&line);
	ask.address = field(&line);
	ask.device = field(&line);
	wishes.replaces = field(&line);
	snprintf(replaces, sizeof(replaces), "%.*s", STR_ARG(wishes.replaces));
	wishes.replaces = str_of(replaces); /* the next request brings it again */
	e = flow_begin(policy, &ask, flow, why);
	if (flow->state != FLOW_WANTS)
		return e;
	for (const char *s = steps; *s != '\0' && e == ERR_OK; s++) {
		if (*s == 'p')
			e = flow_prove(policy, flow, &proof, why);
		else if (strcmp(steps, "po") != 0 || flow->state == FLOW_PROVEN)
			e = flow_open(policy, flow, &wishes, opened, why);
		if (kept && *s == 'p') {
			memset(start, 0x55, (size_t)(end - start));
			keep(flow);
		}
	}
	return e;
}

static void
try_line(const struct flow_policy *policy, char *line)
{
	unsigned long before = password_count();
	int64_t start = clock_monotonic_ms();
	struct flow_opened opened = { .displaced = false };
	struct why why = { "" };
	struct flow flow;
	enum err e = run(policy, line, &flow, &opened, &why);

	if (e != ERR_OK)
		printf("error %s: %s", err_text(e), why.text);
	else
		printf("%s", states[flow.state]);
	printf("\t%s\t%lld\t%lu\t%s\t%s\t%s\t%lld\n", e == ERR_OK ? flow.reason : "",
	       (long long)flow.wait, password_count() - before, opened.refresh,
	       opened.device, opened.session.sid,
	       (long long)(clock_monotonic_ms() - start));
	fflush(stdout);
	flow_done(&flow);
	flow_opened_done(&opened);
}

int
main(int argc, char **argv)
{
	struct flow_policy policy = { .secret = STR(
					      "a secret of the tests, 32 bytes or more"),
				      .login_by = "name",
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

	while ((option = getopt(argc, argv, "m:s:w:ko:")) != -1) {
		if (option == 'm')
			policy.cost.memory = strtoul(optarg, NULL, 10) * 1024;
		else if (option == 's')
			policy.slots = (unsigned)strtoul(optarg, NULL, 10);
		else if (option == 'k')
			kept = true;
		else if (option == 'o')
			steps = optarg;
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
