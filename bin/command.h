/*
 * What the subcommands of `doorward` share. Each subcommand has its own file and a row
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
	COMMAND_FAILED = 2,      /* could not do its work, or wrong usage */
	COMMAND_UNSUPPORTED = 3, /* valid form, but an unsupported algorithm */
	COMMAND_UNRECORDED = 4,  /* done, but the audit does not show it */
	COMMAND_MISUSED = 5      /* wrong usage: main shows the usage and exits with 2 */
};

/* argv[0] is the subcommand's name; the result is one of the above. */
typedef int command_run(int argc, char **argv);

struct command {
	const char *name;
	const char *usage; /* what may follow the name; one per line */
	const char *summary;
	command_run *run;
	const char *details; /* the longer text of `help` (help.c knows the form); may be
			  * NULL */
};

/*
 * An option of a subcommand. `--name VALUE` and `--name=VALUE` set *value; `--name`
 * alone sets *flag. Exactly one of the two is not NULL. An option with `values` may be
 * repeated; there are at most `max` of them.
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
 * Remove the options from argv. argv[0] and the operands remain. `options` ends with
 * an entry whose name is NULL. `--` ends the options; `-` alone is an operand. False
 * after a complaint: unknown, given twice, without its value. (`--config FILE` is
 * already removed, because every command knows it.)
 */
bool command_options(int *argc, char **argv, const struct command_option *options);

/*
 * Read the settings of --config, $DOORWARD_CONFIG or the built-in path. Complains on
 * an error.
 */
bool command_config(struct config *c);

/* Complain: `doorward: …`. Returns COMMAND_FAILED. */
int command_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* As above, for an answer of no. Returns COMMAND_NO. */
int command_no(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* True for 1 to 64 of A-Z a-z 0-9 _ . : - */
bool command_is_role(const char *word);

/* "" for one, "s" for any other number: "%lld session%s". */
const char *command_plural(int64_t n);

/* The names of a list's columns, for people: only if stdout is a terminal. */
void command_header(struct buf *out, const char *line);

/* Write everything to stdout, or complain. */
bool command_write(struct str bytes);

/* As above. At a terminal a line end follows, unless `raw`. */
bool command_write_line(struct str bytes, bool raw);

/* The time, or a complaint. */
bool command_now(int64_t *now);

/* Convert "90", "90s", "10m", "2h", "30d" after --NAME into seconds, or complain. */
bool command_duration(const char *name, const char *text, int64_t *seconds);

/* Read all of stdin, at most out->max bytes, byte for byte, or complain. */
bool command_read_stdin(struct buf *out);

/*
 * Read a token from stdin: as above, but one line end after it (LF or CRLF), which
 * echo and editors write, is removed. A second line end makes it malformed.
 */
bool command_read_token(struct buf *out);

/*
 * Ask for a yes at a terminal. Nobody is asked if standard input is no terminal, or
 * with `yes` (an option). False after a complaint: the answer was not yes.
 */
bool command_confirm(bool yes, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * Look the first operand up in a subcommand's table of actions: `doorward user add …`
 * calls the row `add` with argv[0] = "add".
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
command_run metrics_command;
command_run setup_link_command;
command_run user_command;
command_run role_command;
command_run client_command;
command_run revocations_command;
command_run rules_command;
command_run doctor_command;
command_run mail_command;
command_run jws_command;
command_run jwe_command;
command_run key_command;
command_run token_command;
command_run pages_command;
command_run passkey_command;

#endif
