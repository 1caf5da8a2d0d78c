/*
 * The help for commands, made from the rows of command_table: in lines of at most 79
 * columns for a terminal, and as mdoc for the manual page.
 */
#ifndef HELP_H
#define HELP_H

#include <stdio.h>

#include "bin/command.h"

/*
 * The usage of `c`. `first` is printed before the first line, `rest` before the
 * others.
 */
void help_put_usage(FILE *to, const struct command *c, const char *first,
		    const char *rest);

/* What `doorward help COMMAND` says. */
void help_put(FILE *to, const struct command *c);

/* An item of the list of commands in doorward(1). */
void help_put_mdoc(FILE *to, const struct command *c);

#endif
