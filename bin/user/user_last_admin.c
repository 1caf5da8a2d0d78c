/*
 * The operator may take the last admin away, and is told what that means.
 */
#include <stdio.h>

#include "bin/db/database.h"
#include "bin/user/user.h"
#include "store/admin/rights.h"

bool
user_is_last_admin(struct database *d, const char *name)
{
	struct why why = { "" };
	bool last = false;

	/* if this fails, the action fails, too, and says why */
	return rights_last_admin(d->db, str_of(name), &last, &why) == ERR_OK && last;
}

int
user_warn_last_admin(bool last, const char *name, int result)
{
	if (last && (result == COMMAND_OK || result == COMMAND_UNRECORDED))
		fprintf(stderr,
			"doorward: %s was the last one who is enabled and has the role "
			"doorward-admin; nobody with that role can open the admin pages "
			"now\n",
			name);
	return result;
}
