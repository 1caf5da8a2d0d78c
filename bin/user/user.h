/* The actions of `doorward user` that have a file of their own. */
#ifndef COMMAND_USER_H
#define COMMAND_USER_H

#include "bin/db/database.h"

/* user import, user export: users from elsewhere and to elsewhere. */
command_run user_import, user_export;

/* user show, user set (user_show.c). */
command_run user_show, user_set;

/* user invite, and invite list, resend, withdraw. */
command_run user_invite;

/* user factor list, reset (user_factor.c). */
command_run user_factor;

/* user rename, user delete (user_delete.c). */
command_run user_rename, user_delete;

/*
 * The end of a change of one user: complains about `e`, or that there is no such user,
 * and closes `d`. `reason` is why `ended` sessions ended: session_end, before the command
 * is done; SESSION_END_NONE: nothing became of any.
 */
int user_changed(struct database *d, enum err e, bool found, int64_t ended,
		 const char *name, enum session_reason reason, struct why *why);

/* Is `name` the last enabled user with the role doorward-admin? */
bool user_is_last_admin(struct database *d, const char *name);

/* If so, and `result` says that they are not any more, say it. Returns `result`. */
int user_warn_last_admin(bool last, const char *name, int result);

/* ERR_SYNTAX when `mail` is not NULL and cannot be mailed to (mail/mail_address.h). */
enum err user_mail(const char *mail, struct why *why);

/* False after a complaint: the database would say less clearly which role it is. */
bool user_roles_are_good(const char *const *roles, size_t n_roles);

/* What ERR_SYNTAX means where a name, a role or what is shown of a user was given. */
enum err user_explain(enum err e, struct why *why);

#endif
