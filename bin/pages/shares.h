/*
 * The folders of share/ that are compiled into this command: every one that there is.
 */
#ifndef SHARES_H
#define SHARES_H

#include "base/embedded.h"

/* Common, mail and phrases, then a folder for each program; ends with a NULL name. */
extern const struct embedded_folder shares_all[];

/* Those of the programs alone. */
extern const struct embedded_folder *const shares_of_programs;

#endif
