/*
 * A command that was called wrongly: what is missing or too much, and how it is called.
 */
#ifndef MISUSE_H
#define MISUSE_H

#include "bin/command.h"

/*
 * Show on stderr how `c` is called: of its actions the one that was typed. Where it was
 * the number of words that was wrong, a line says so; of options that are wrong,
 * command_options has spoken. `argv` is as it was typed, argv[0] the command's name.
 */
void misuse_explain(const struct command *c, int argc, char *const *argv);

#endif
