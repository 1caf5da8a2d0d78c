#include "bin/who.h"

#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/places.h"
#include "db/db.h"

static bool
keep(char name[WHO_SIZE], const char *found)
{
	if (found == NULL || strlen(found) >= WHO_SIZE)
		return false;
	memcpy(name, found, strlen(found) + 1);
	return true;
}

static bool
user_of_id(uid_t uid, char name[WHO_SIZE])
{
	const struct passwd *p = getpwuid(uid);

	return p != NULL && keep(name, p->pw_name);
}

static bool
is_user(const char *name)
{
	return name[0] != '\0' && getpwnam(name) != NULL;
}

void
who_am_i(char name[WHO_SIZE])
{
	if (!user_of_id(geteuid(), name))
		keep(name, "unknown");
}

static bool
is_other(const char *name)
{
	char me[WHO_SIZE];

	who_am_i(me);
	return strcmp(me, name) != 0;
}

/* The role's name, when a user of this host has it. */
static bool
user_of_role(const char *conninfo, char name[WHO_SIZE])
{
	if (conninfo == NULL)
		return false;
	db_user(conninfo, name, WHO_SIZE);
	return is_user(name);
}

static bool
owner_of(const char *path, char name[WHO_SIZE])
{
	struct stat st;

	return path != NULL && stat(path, &st) == 0 && st.st_uid != 0 &&
	       user_of_id(st.st_uid, name);
}

/* Of a file that a program reads by its group: the user with the group's name. */
static bool
group_of(const char *path, char name[WHO_SIZE])
{
	const struct group *g;
	struct stat st;

	if (path == NULL || stat(path, &st) != 0 || st.st_gid == 0)
		return false;
	g = getgrgid(st.st_gid);
	return g != NULL && keep(name, g->gr_name) && is_user(name);
}

static bool
find_operator(const struct config *c, char name[WHO_SIZE])
{
	return user_of_role(c->database_admin, name) || owner_of(c->signing_keys, name) ||
	       owner_of(c->file, name) || (keep(name, "doorward") && is_user(name));
}

bool
who_is_operator(const struct config *c, char name[WHO_SIZE])
{
	return find_operator(c, name) && is_other(name);
}

bool
who_is_program(const struct config *c, const char *conninfo, char name[WHO_SIZE])
{
	return (user_of_role(conninfo, name) || group_of(c->session_secret, name) ||
		owner_of(c->session_secret, name) || find_operator(c, name)) &&
	       is_other(name);
}

bool
who_is_own_user(const char *program, char name[WHO_SIZE])
{
	int n = snprintf(name, WHO_SIZE, "doorward-%s", program);

	return n > 0 && n < WHO_SIZE && is_user(name) && is_other(name);
}

bool
who_matters(const char *text)
{
	static const char *const words[] = {
		"authentication failed", "role \"",           "pg_hba.conf",
		"permission denied",     "Permission denied", "lacks a right",
		"must be owner",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strstr(text, words[i]) != NULL)
			return true;
	return false;
}

void
who_put_command(struct buf *out, const char *name, const char *command)
{
	buf_addf(out, "sudo -u %s doorward ", name);
	if (strcmp(config_path(), places_settings) != 0)
		buf_addf(out, "--config %s ", config_path());
	buf_addz(out, command);
}

bool
who_advise(struct buf *out, const struct config *c, const char *text, const char *command)
{
	char me[WHO_SIZE], name[WHO_SIZE];

	if (!who_matters(text) || !who_is_operator(c, name))
		return false;
	who_am_i(me);
	buf_addf(out, "%s may not do this; type: ", me);
	who_put_command(out, name, command);
	return true;
}
