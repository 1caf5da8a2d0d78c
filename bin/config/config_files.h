/*
 * Checks whether everything that the settings name exists, is readable and safe, and
 * answers.
 */
#ifndef CONFIG_FILES_H
#define CONFIG_FILES_H

#include "config/config.h"

/* Add a line to `problems` for each file, directory, key or rule that is not good. */
void config_check_files(const struct config *c, struct buf *problems);

/*
 * Add a line to `notes` for each program that cannot run because a setting is missing,
 * or to `problems` if the settings contain something that no other program uses. It is
 * a problem if no program can run (config_programs.c).
 */
void config_check_programs(const struct config *c, struct buf *problems,
			   struct buf *notes);

/*
 * Add a line to `problems` for whatever keeps other programs from using the login of this
 * site while oauth is on, and for metadata that do not say what the settings do
 * (config_oauth.c).
 */
void config_check_oauth(const struct config *c, struct buf *problems);

/* Add a line to `notes` if browsers would make no passkeys (config_passkeys.c). */
void config_check_passkeys(const struct config *c, struct buf *notes);

/*
 * Connect to the database as login, account and the command do, each with its own
 * conninfo and within DB_DEADLINE_MS (config_database.c). What this user cannot check
 * of the command is a note.
 */
void config_check_database(const struct config *c, struct buf *problems,
			   struct buf *notes);

/*
 * Add a line to `problems` for each key that secrets in the database need and factor_keys
 * lacks, and one to `notes` for passkeys of another passkey_rp_id (config_factors.c).
 * Says nothing if the database does not answer the command.
 */
void config_check_factors(const struct config *c, struct buf *problems,
			  struct buf *notes);

/*
 * Add a line to `problems` if upkeep is timer and nothing that is over was deleted for two
 * days (config_upkeep.c). Says nothing if the database does not answer the command.
 */
void config_check_upkeep(const struct config *c, struct buf *problems);

#endif
