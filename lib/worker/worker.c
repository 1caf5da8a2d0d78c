#include "worker/worker.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "config/config.h"
#include "serve/app.h"
#include "serve/power_database.h"
#include "store/mail.h"

void
worker_wake(struct app *app)
{
	const struct config *c = app->config;

	if (c->mail_worker == MAIL_WORKER_PROGRAM && config_has_mail(c))
		app->work = true;
}

static void
start(const struct config *config)
{
	if (access(config->mail_command, X_OK) != 0)
		LOG(LOG_ERROR, "mail_worker_not_started",
		    { "path", str_of(config->mail_command) },
		    { "error", str_of(strerror(errno)) });
	else if (!worker_start(config))
		LOG(LOG_ERROR, "mail_worker_not_started",
		    { "path", str_of(config->mail_command) });
	else
		LOG(LOG_DEBUG, "mail_worker_started",
		    { "path", str_of(config->mail_command) });
}

bool
worker_after(struct app *app)
{
	struct why why = { "" };
	bool wanted = false;
	enum err e;

	if (app->config->mail_worker != MAIL_WORKER_PROGRAM)
		return false;
	if ((e = mail_wanted(app_db(app), &wanted, &why)) != ERR_OK)
		LOG(LOG_ERROR, "mail_worker_not_started",
		    { "error", str_of(err_text(e)) }, { "why", str_of(why.text) });
	else if (wanted)
		start(app->config);
	return false;
}
