/* Settings, keys, files and the database, as this user sees them. */
#include "config_files.h"
#include "doctor.h"
#include "store/db.h"
#include "store/migrate.h"

#define PROBLEMS_MAX (256 * 1024)

static void
check_settings(struct doctor *d)
{
	struct buf problems;
	struct str rest;

	buf_init(&problems, PROBLEMS_MAX);
	config_check_files(&d->config, &problems);
	rest = buf_str(&problems);
	if (rest.n == 0)
		doctor_find(d, "settings", NULL, "%s", d->config.file);
	while (rest.n > 0) {
		struct str line = str_cut(&rest, '\n');

		doctor_find(d, "settings", "doorward config check, as the programs' user",
			    "%.*s", STR_ARG(line));
	}
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

/* As the login program connects; the first statement looks at the schema too. */
static void
check_database(struct doctor *d)
{
	struct db *db = NULL;
	struct why why = { "" };
	enum err e;

	if (d->config.database_login == NULL)
		return;
	e = db_open(&db, d->config.database_login, "doorward doctor", &why);
	if (e == ERR_OK)
		e = db_query(db, "select 1", NULL, NULL, &why);
	if (e == ERR_OK)
		doctor_find(d, "database", NULL, "it answers, migration %d",
			    migrate_newest());
	else if (e == ERR_SCHEMA)
		doctor_find(d, "database", "doorward db migrate", "%.400s", why.text);
	else
		doctor_find(
			d, "database",
			"check `database` in the settings, its passfile and pg_hba.conf; "
			"run this as the programs' user",
			"%.400s", why.text);
	db_close(db);
}

void
doctor_inside(struct doctor *d)
{
	if (!d->inside) {
		doctor_find(d, "settings",
			    "run this where the programs run, with --config FILE",
			    "%s cannot be read, so this is a look from outside only",
			    config_path());
		return;
	}
	check_settings(d);
	check_address(d);
	check_database(d);
}
