/* The actions of `doorward user` that have a file of their own. */
#ifndef COMMAND_USER_H
#define COMMAND_USER_H

#include "auth/password.h"
#include "command.h"

/*
 * user import: users with the hashes that they have elsewhere, from standard
 * input, a line each: a JSON object with name, password_hash, roles and
 * disabled, or NAME:HASH as htpasswd(1) writes it.
 */
command_run user_import;

/*
 * Ask for a new password, or read it from stdin, and hash it as the settings
 * want; what is too short or too common is refused.
 */
enum err user_read_hash(const struct config *c, struct str name, bool from_stdin,
			char hash[PASSWORD_HASH_SIZE], struct why *why);

#endif
