/* The actions of `doorward user` that have a file of their own. */
#ifndef COMMAND_USER_H
#define COMMAND_USER_H

#include "command.h"

/*
 * user import: users with the hashes that they have elsewhere, from standard
 * input, a line each: a JSON object with name, password_hash, roles and
 * disabled, or NAME:HASH as htpasswd(1) writes it.
 */
command_run user_import;

#endif
