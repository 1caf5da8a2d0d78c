/* Checks whether each program finds the settings that it needs. */
#include <string.h>

#include "bin/config/config_files.h"

#define USES_MAX 2
#define NEEDS_MAX 5

/*
 * The settings that a program needs; revocation_file only while revocation is on. If all
 * of `uses` are set, the site uses the program, and what it lacks is a problem. It is a
 * note if the program has none, or if one is not set.
 */
static const struct row {
	const char *program;
	const char *uses[USES_MAX + 1];
	const char *needs[NEEDS_MAX + 1];
	bool oauth; /* used where oauth is on, and nowhere else */
} rows[] = {
	{ "login.fcgi",
	  { "session_secret" },
	  { "signing_keys", "session_secret", "database_login", "state_dir",
	    "revocation_file" } },
	{ "account.fcgi",
	  { "session_secret" },
	  { "verifying_keys", "session_secret", "database_account", "state_dir",
	    "revocation_file" } },
	{ "admin.fcgi",
	  { "session_secret", "database_webadmin" },
	  { "verifying_keys", "session_secret", "database_webadmin", "state_dir",
	    "revocation_file" } },
	{ "oauth.fcgi",
	  { NULL },
	  { "signing_keys", "verifying_keys", "session_secret", "database_oauth",
	    "revocation_file" },
	  .oauth = true },
	{ "protected.fcgi", { NULL }, { "verifying_keys", "revocation_file" } },
	{ "authorizer.fcgi", { NULL }, { "verifying_keys", "revocation_file" } },
	{ "files.fcgi",
	  { "files_root" },
	  { "verifying_keys", "revocation_file", "files_root" } },
};

/*
 * The first setting that `needs` names and that is not set. NULL: the program can run.
 */
static const char *
lacking(const struct config *c, const char *const *needs)
{
	for (; *needs != NULL; needs++) {
		if (!c->revocation && strcmp(*needs, "revocation_file") == 0)
			continue;
		if (config_need(c, *needs, NULL) != ERR_OK)
			return *needs;
	}
	return NULL;
}

static bool
is_used(const struct config *c, const struct row *row)
{
	if (row->oauth)
		return c->oauth;
	for (const char *const *use = row->uses; *use != NULL; use++)
		if (config_need(c, *use, NULL) != ERR_OK)
			return false;
	return row->uses[0] != NULL;
}

void
config_check_programs(const struct config *c, struct buf *problems, struct buf *notes)
{
	bool idle = true;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *program = rows[i].program;
		const char *lacks = lacking(c, rows[i].needs);

		if (rows[i].oauth && !c->oauth)
			continue;
		if (lacks == NULL)
			idle = false;
		else if (is_used(c, &rows[i]))
			buf_addf(problems, "%s: %s cannot run: %s is not set\n", c->file,
				 program, lacks);
		else
			buf_addf(notes,
				 "%s cannot run: %s is not set (not needed unless you "
				 "use it)\n",
				 program, lacks);
	}
	if (idle)
		buf_addf(problems, "%s: programs: none can run with these settings\n",
			 c->file);
}
