/*
 * What the subcommands of `doorward` share. One file a subcommand; its row is
 * in the table of doorward.c. Answers go to stdout, complaints to stderr.
 */
#ifndef COMMAND_H
#define COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"
#include "config/config.h"

#define COMMAND_INPUT_MAX (8 * 1024 * 1024) /* bytes on standard input */

enum {
	COMMAND_OK = 0,
	COMMAND_NO = 1,          /* the answer is no: invalid, not found, refused */
	COMMAND_FAILED = 2,      /* could not do its work, or was called wrongly */
	COMMAND_UNSUPPORTED = 3, /* valid form, but an algorithm not offered */
	COMMAND_UNRECORDED = 4,  /* done, but the audit does not show it */
	COMMAND_MISUSED = 5 /* called wrongly: main shows the usage and exits with 2 */
};

/* argv[0] is the subcommand's name; the result is one of the above. */
typedef int command_run(int argc, char **argv);

struct command {
	const char *name;
	const char *usage; /* what may follow the name; a line each */
	const char *summary;
	command_run *run;
	const char *
		details; /* what `help` says besides (help.c knows the form); may be NULL */
};

/*
 * An option that a subcommand knows. `--name VALUE` and `--name=VALUE` set
 * *value; `--name` alone sets *flag. Exactly one of both is not NULL. An
 * option with `values` may be repeated; there are at most `max` of them.
 */
struct command_option {
	const char *name; /* without the hyphens */
	const char **value;
	bool *flag;
	const char **values;
	size_t *n;
	size_t max;
};

/*
 * Take the options out of argv: what remains are argv[0] and the operands.
 * `options` ends with an entry whose name is NULL. `--` ends the options;
 * `-` alone is an operand. False after a complaint: unknown, twice, without
 * its value. (`--config FILE` is gone already: every command knows it.)
 */
bool command_options(int *argc, char **argv, const struct command_option *options);

/* Read the settings of --config, $DOORWARD_CONFIG or the built-in path, or complain. */
bool command_config(struct config *c);

/* Complain: `doorward: …`. Returns COMMAND_FAILED. */
int command_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same for an answer of no. Returns COMMAND_NO. */
int command_no(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* "" for one, "s" for any other number: "%lld session%s". */
const char *command_plural(int64_t n);

/* The names of a list's columns, for people: only where stdout is a terminal. */
void command_header(struct buf *out, const char *line);

/* Write to stdout whole, or complain. */
bool command_write(struct str bytes);

/* The same; for a terminal, unless `raw`, a line end follows. */
bool command_write_line(struct str bytes, bool raw);

/* The time, or a complaint. */
bool command_now(int64_t *now);

/* "90", "90s", "10m", "2h", "30d" behind --NAME into seconds, or complain. */
bool command_duration(const char *name, const char *text, int64_t *seconds);

/* All of stdin, at most out->max bytes, byte for byte, or complain. */
bool command_read_stdin(struct buf *out);

/*
 * A token on stdin: the same, but one line end behind it (LF or CRLF), as echo and
 * editors write it, does not belong to it. A second one does, and makes it malformed.
 */
bool command_read_token(struct buf *out);

/*
 * Ask for a yes, at a terminal: without one on standard input, or with `yes` (an
 * option), nobody is asked. False after a complaint: it was not given.
 */
bool command_confirm(bool yes, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * Look the first operand up in a table of a subcommand's own actions:
 * `doorward user add …` calls the row `add` with argv[0] = "add".
 */
struct command_action {
	const char *name;
	command_run *run;
};

int command_dispatch(int argc, char **argv, const struct command_action *actions);

/* The subcommands; the table in doorward.c ends with a NULL name. */

command_run config_command;
command_run db_command;
command_run session_command;
command_run audit_command;
command_run status_command;
command_run user_command;
command_run revocations_command;
command_run rules_command;
command_run doctor_command;
command_run mail_command;
command_run jws_command;
command_run jwe_command;
command_run key_command;
command_run token_command;
command_run pages_command;

#endif
