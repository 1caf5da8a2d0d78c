/*
 * Who runs this command, and who ought to: with peer authentication the database
 * knows a role by its user's name, and key files have owners.
 */
#ifndef WHO_H
#define WHO_H

#include <stdbool.h>

#include "base/buf.h"
#include "config/config.h"

#define WHO_SIZE 64

/* The user of this process; "unknown" when it has no name. */
void who_am_i(char name[WHO_SIZE]);

/*
 * The user that owns keys and tables: the one of database_admin's role, else the
 * owner of the signing keys, else "doorward". False when that is us, or there is
 * no such user on this host.
 */
bool who_is_operator(const struct config *c, char name[WHO_SIZE]);

/*
 * The user that a program with this `conninfo` runs as: the one of its role, else
 * the group's or the owner of session_secret, else the operator. False as above.
 */
bool who_is_program(const struct config *c, const char *conninfo, char name[WHO_SIZE]);

/*
 * The user `doorward-PROGRAM`, where each program has one of its own (sysusers.d). False
 * when that is us, or there is no such user.
 */
bool who_is_own_user(const char *program, char name[WHO_SIZE]);

/* Could another user do what failed for the reason `text`? */
bool who_matters(const char *text);

/* What to type: "sudo -u NAME doorward [--config FILE] COMMAND". */
void who_put_command(struct buf *out, const char *name, const char *command);

/*
 * `text` is why a command failed. If it looks as if we were the wrong user, append
 * who to be and what to type: "ME may not do this; type: sudo -u …".
 */
bool who_advise(struct buf *out, const struct config *c, const char *text,
		const char *command);

#endif
