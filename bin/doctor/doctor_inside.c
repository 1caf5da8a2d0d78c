/* Checks settings, keys, files and the database, as this user sees them. */
#include <string.h>

#include "bin/config/config_files.h"
#include "bin/doctor/doctor.h"
#include "bin/who.h"
#include "db/db.h"

#define PROBLEMS_MAX (256 * 1024)
#define FIX_MAX 512

/* The same call, as another user: "sudo -u NAME doorward [--config FILE] doctor URL". */
static void
put_other(const struct doctor *d, const char *name, struct buf *hint)
{
	who_put_command(hint, name, "doctor ");
	buf_add(hint, d->site);
}

/* The remedy that a problem itself names: the command between ` and `. */
static const char *
remedy(struct str problem, char fix[FIX_MAX])
{
	struct str rest = problem, command;

	str_cut(&rest, '`');
	command = str_cut(&rest, '`');
	if (!str_starts_with(command, STR("doorward ")) || command.n >= FIX_MAX)
		return "correct it; doorward config check, as the programs' user, names "
		       "all there is";
	memcpy(fix, command.p, command.n);
	fix[command.n] = '\0';
	return fix;
}

/* Problems that another user would not have are no problems of the site. */
static void
put_problem(struct doctor *d, struct str line)
{
	char name[WHO_SIZE], fix[FIX_MAX];
	struct buf hint;

	buf_init(&hint, 4096);
	if (memmem(line.p, line.n, "Permission denied", 17) != NULL &&
	    who_is_program(&d->config, d->config.database_login, name)) {
		put_other(d, name, &hint);
		doctor_skip(d, "settings", buf_z(&hint), "%.*s", STR_ARG(line));
	} else {
		doctor_find(d, "settings", remedy(line, fix), "%.*s", STR_ARG(line));
		d->cause = "settings";
	}
	buf_done(&hint);
}

static void
put_problems(struct doctor *d, struct str lines)
{
	while (lines.n > 0)
		put_problem(d, str_cut(&lines, '\n'));
}

static void
read_settings(struct doctor *d)
{
	struct buf problems;
	enum err e;

	buf_init(&problems, PROBLEMS_MAX);
	e = config_read(config_path(), &d->config, &problems);
	d->inside = e == ERR_OK;
	if (e == ERR_NOT_FOUND)
		doctor_skip(d, "settings",
			    "run this where the programs run, with --config FILE",
			    "there is no %s, so this is a look from outside only",
			    config_path());
	else
		put_problems(d, buf_str(&problems));
	buf_done(&problems);
}

static void
check_settings(struct doctor *d)
{
	struct buf problems;

	buf_init(&problems, PROBLEMS_MAX);
	config_check_files(&d->config, &problems);
	config_check_oauth(&d->config, &problems);
	config_check_upkeep(&d->config, &problems);
	if (problems.n == 0)
		doctor_find(d, "settings", NULL, "%s", d->config.file);
	put_problems(d, buf_str(&problems));
	buf_done(&problems);
}

static void
check_address(struct doctor *d)
{
	if (str_eq(d->site, str_of(d->config.public_url)))
		doctor_find(d, "public_url", NULL, "%s", d->config.public_url);
	else
		doctor_find(d, "public_url",
			    "set public_url to the address that people use, and lead its "
			    "other names there (canonical_redirect = on)",
			    "it is %s: every login under %.*s is refused",
			    d->config.public_url, STR_ARG(d->site));
}

static void
put_database(struct doctor *d, enum err e, const struct why *why)
{
	char name[WHO_SIZE];
	struct buf hint;

	buf_init(&hint, 4096);
	if (e == ERR_OK) {
		doctor_find(d, "database", NULL, "it answers, migration %d",
			    embedded_schema.number);
	} else if (e == ERR_SCHEMA) {
		doctor_find(d, "database", "doorward db migrate", "%.400s", why->text);
		d->cause = "database";
	} else if (who_matters(why->text) &&
		   who_is_program(&d->config, d->config.database_login, name)) {
		put_other(d, name, &hint);
		doctor_skip(d, "database", buf_z(&hint), "%.400s", why->text);
	} else {
		doctor_find(
			d, "database",
			"start PostgreSQL; or correct `database` in the settings, its "
			"passfile or pg_hba.conf",
			"%.400s", why->text);
		d->cause = "database";
	}
	buf_done(&hint);
}

/* Connect as the login program does. The first statement also checks the schema. */
static void
check_database(struct doctor *d)
{
	struct db *db = NULL;
	struct why why = { "" };
	enum err e;

	if (d->config.database_login == NULL)
		return;
	e = db_open(&db, d->config.database_login, "doorward doctor", &embedded_schema,
		    &why);
	if (e == ERR_OK)
		e = db_query(db, "select 1", NULL, NULL, &why);
	put_database(d, e, &why);
	db_close(db);
}

void
doctor_inside(struct doctor *d)
{
	read_settings(d);
	if (!d->inside)
		return;
	check_settings(d);
	check_address(d);
	check_database(d);
}
