#include "bin/db/trail.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bin/command.h"
#include "bin/db/database.h"
#include "bin/who.h"
#include "jose/keyset/keyset.h"
#include "keys/key_note.h"
#include "store/tidy/tidy.h"
#include "store/upkeep.h"

#define DETAIL_MAX 8192

void
trail_init(struct trail *t, const char *event, const struct config *config)
{
	*t = (struct trail){ .event = event, .config = config };
	buf_init(&t->detail, DETAIL_MAX);
}

void
trail_done(struct trail *t)
{
	buf_done(&t->detail);
}

void
trail_put(struct trail *t, const char *name, struct str value)
{
	key_note(&t->detail, name, value);
}

static enum err
add_row(const struct trail *t, const struct config *c, const char *actor, struct why *why)
{
	struct db *db = NULL;
	enum err e;

	if (t->detail.failed)
		return why_set(why, ERR_LIMIT, "the row would be too long");
	/* not db_open_patient: ending a stolen key must not wait for minutes */
	e = db_open(&db, c->database_admin, "doorward", &embedded_schema, why);
	if (e == ERR_OK && t->keys)
		e = tidy_keys(db, STR(""), true, why);
	if (e == ERR_OK && t->detail.n > 0)
		e = upkeep_audit(db, t->event, str_of(actor), str_of(t->subject),
				 str_of(t->sid), buf_str(&t->detail), why);
	db_close(db);
	return e;
}

/* Never returns: a process that has become another user keeps that user. */
static void
become_and_add(const struct passwd *user, const struct trail *t, const struct config *c,
	       const char *actor)
{
	struct why why;
	bool good = setgroups(1, &user->pw_gid) == 0 && setgid(user->pw_gid) == 0 &&
		    setuid(user->pw_uid) == 0 && add_row(t, c, actor, &why) == ERR_OK;

	_exit(good ? 0 : 1);
}

/*
 * The database asks for the user's name and may not know root; root may become any
 * user.
 */
static bool
add_row_as_operator(const struct trail *t, const struct config *c, const char *actor)
{
	const struct passwd *user = NULL;
	char name[WHO_SIZE];
	int status = -1;
	pid_t child;

	if (geteuid() == 0 && who_is_operator(c, name))
		user = getpwnam(name);
	if (user == NULL || (child = fork()) < 0)
		return false;
	if (child == 0)
		become_and_add(user, t, c, actor);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		continue;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static enum err
add(const struct trail *t, struct why *why)
{
	struct config read = { 0 };
	const struct config *c = t->config;
	char actor[DATABASE_ACTOR_SIZE];
	enum err e = ERR_OK;

	/* keys of somebody who must not read this site's settings */
	if (c == NULL && access(config_path(), R_OK) != 0)
		return ERR_OK;
	if (c == NULL && (e = config_load(config_path(), &read, why)) == ERR_OK)
		c = &read;
	database_actor(actor);
	if (e == ERR_OK && c->database_admin != NULL &&
	    (e = add_row(t, c, actor, why)) != ERR_OK && add_row_as_operator(t, c, actor))
		e = ERR_OK;
	config_done(&read);
	return e;
}

bool
trail_is_site_key(const char *thumbprint)
{
	struct keyset set = { 0 };
	struct config c;
	struct why why;
	bool found = false;

	if (access(config_path(), R_OK) != 0 ||
	    config_load(config_path(), &c, &why) != ERR_OK)
		return false;
	if (c.signing_keys != NULL)
		keyset_load(c.signing_keys, KEYSET_MANAGE, &set, &why);
	for (size_t i = 0; i < set.n; i++)
		found = found || strcmp(set.keys[i].thumbprint, thumbprint) == 0;
	keyset_done(&set);
	config_done(&c);
	return found;
}

bool
trail_first(const struct trail *t)
{
	struct why why = { "" };
	enum err e = add(t, &why);

	if (e == ERR_OK)
		return true;
	command_fail("not done, as it cannot be written into the audit: %s",
		     why.text[0] != '\0' ? why.text : err_text(e));
	return false;
}

int
trail_after(const struct trail *t, int status)
{
	struct why why = { "" };
	enum err e = t->detail.n > 0 || t->keys ? add(t, &why) : ERR_OK;

	if (e == ERR_OK || t->detail.n == 0)
		return status;
	command_fail("IT IS DONE, BUT THE AUDIT DOES NOT SHOW IT (%s %.*s): %s", t->event,
		     STR_ARG(buf_str(&t->detail)),
		     why.text[0] != '\0' ? why.text : err_text(e));
	return status == COMMAND_OK ? COMMAND_UNRECORDED : status;
}
