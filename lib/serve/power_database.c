#include "serve/power_database.h"

#include "config/config.h"
#include "config/roles/db_roles.h"
#include "db/db.h"
#include "serve/serve.h"

static void
power_close(void *opened)
{
	db_close(opened);
}

static enum err
power_open(const struct app *app, void **opened, struct why *why)
{
	enum db_role role = (enum db_role)app->program->role;
	const char *conninfo = db_role_conninfo(app->config, role);
	struct db *db = NULL;
	enum err e;

	if (conninfo == NULL)
		return why_set(why, ERR_NOT_FOUND, "database is not set, and %s needs it",
			       app->program->name);
	e = db_open(&db, conninfo, app->program->name, &embedded_schema, why);
	if (e == ERR_OK)
		*opened = db;
	else
		db_close(db);
	return e;
}

const struct power power_database = { "database", power_open, NULL, power_close,
				      .foreign_crypto = true };

struct db *
app_db(const struct app *app)
{
	return app_opened(app, &power_database);
}
