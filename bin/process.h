/*
 * Another program: run to its end, without a shell.
 */
#ifndef PROCESS_H
#define PROCESS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

struct process {
	char *const *argv; /* argv[0] without a slash is looked for in PATH */
	char *const *envp;
	struct str input;    /* its standard input; nobody else on the host can read it */
	struct str more;     /* may be read at PROCESS_MORE; empty: is not there */
	bool with_errors;    /* its standard error goes where its output goes */
	int64_t deadline_ms; /* then it is killed, with all that it has started; 0: never */
};

#define PROCESS_MORE "/dev/fd/3"

/* What process_run returns when there is no exit status. */
enum { PROCESS_NOT_STARTED = -1, PROCESS_KILLED = -2, PROCESS_LATE = -3 };

/*
 * Append what it writes to `out`, up to its ceiling; `*too_long`: there was more, which it
 * could not write. Returns the exit status, 127 also when there is no such program, or one
 * of the above.
 */
int process_run(const struct process *p, struct buf *out, bool *too_long);

#endif
