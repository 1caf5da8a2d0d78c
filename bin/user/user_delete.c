/*
 * doorward user rename, delete: a name is given up.
 */
#include "bin/db/database.h"
#include "bin/user/user.h"
#include "store/users.h"

int
user_rename(int argc, char **argv)
{
	bool yes = false;
	const struct command_option options[] = { { "yes", .flag = &yes }, { NULL } };
	struct why why = { "" };
	struct database d;
	int64_t renewed = 0;
	enum err e;

	if (!command_options(&argc, argv, options) || argc != 3)
		return COMMAND_MISUSED;
	if (!command_confirm(yes, "%s becomes %s. Nobody gets the old name for 90 days.",
			     argv[1], argv[2]))
		return COMMAND_NO;
	if (!database_open(&d, false))
		return COMMAND_FAILED;
	e = user_explain(users_rename(d.db, str_of(argv[1]), str_of(argv[2]),
				      str_of(d.actor), &renewed, &why),
			 &why);
	/* a name that is missing may have been renamed by a try that told nobody */
	if (e == ERR_NOT_FOUND)
		return user_changed(&d, ERR_OK, false, 0, argv[1], SESSION_END_CHANGED,
				    &why);
	return user_changed(&d, e, true, renewed, argv[1], SESSION_END_CHANGED, &why);
}

int
user_delete(int argc, char **argv)
{
	bool yes = false, blank = false, found = false, last;
	const struct command_option options[] = { { "yes", .flag = &yes },
						  { "blank-audit", .flag = &blank },
						  { NULL } };
	struct why why = { "" };
	struct database d;
	int64_t ended = 0;
	enum err e;

	if (!command_options(&argc, argv, options) || argc != 2)
		return COMMAND_MISUSED;
	if (!command_confirm(yes,
			     "All that is kept about %s goes, for ever. Nobody gets the "
			     "name for 90 days.",
			     argv[1]))
		return COMMAND_NO;
	if (!database_open(&d, false))
		return COMMAND_FAILED;
	last = user_is_last_admin(&d, argv[1]);
	e = users_delete(d.db, str_of(argv[1]), blank, str_of(d.actor), &found, &ended,
			 &why);
	return user_warn_last_admin(
		last, argv[1],
		user_changed(&d, e, found, ended, argv[1], SESSION_END_DELETED, &why));
}
