#include "config/config.h"
#include "db/db.h"
#include "serve/serve.h"

/* Each program has a role of its own in the database, where the host gives one. */
static const char *
conninfo(const struct app *app)
{
	bool account = str_is(STR("account"), app->program->name);

	return account ? app->config->database_account : app->config->database_login;
}

static void
power_close(struct app *app)
{
	db_close(app->db);
	app->db = NULL;
}

static enum err
power_open(struct app *app, struct why *why)
{
	if (conninfo(app) == NULL)
		return why_set(why, ERR_NOT_FOUND, "database is not set, and %s needs it",
			       app->program->name);
	return db_open(&app->db, conninfo(app), app->program->name, why);
}

const struct power power_database = { "database", power_open, NULL, power_close,
				      .foreign_crypto = true };
