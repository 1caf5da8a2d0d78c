/* Who wants to set something up, and may they? */
#include <string.h>

#include "access/client.h"
#include "access/urls.h"
#include "base/log.h"
#include "config/config.h"
#include "enrol/enrol_parts.h"
#include "entry/login_cookies.h"
#include "entry/login_session.h"
#include "serve/power_database.h"
#include "store/factor/flows.h"

static struct str
hash_str(const unsigned char hash[SHA256_SIZE])
{
	return (struct str){ (const char *)hash, SHA256_SIZE };
}

static enum err
find_link(struct app *app, const struct request *req, struct enrol *e)
{
	struct cookie c = enrol_cookie_link(app->config);
	struct str text = cookie_get(req, &c);
	bool good = false;
	enum err err;

	if (text.n == 0)
		return ERR_OK;
	if ((err = enrol_link_read(app, text, e->link, &good)) != ERR_OK || !good)
		return err;
	e->kind = ENROL_LINK;
	e->binding = text;
	return ERR_OK;
}

/* A login under way that asks for nothing but a factor that is there is of /login/mfa. */
static enum err
find_flow(struct app *app, const struct request *req, struct enrol *e, struct why *why)
{
	struct cookie c = login_cookie_flow(app->config);
	struct flows_row row;
	enum err err;

	e->ticket = cookie_get(req, &c);
	if (!ticket_hash(TICKET_FLOW, e->ticket, e->flow))
		return ERR_OK;
	err = flows_find(app_db(app), hash_str(e->flow), &row, why);
	if (err != ERR_OK || !row.found || !(row.setup || row.linked))
		return err;
	if (row.setup && !row.linked && row.ways != 0) {
		e->over = true; /* one was set up meanwhile, by a link or another login */
		return ERR_OK;
	}
	e->kind = ENROL_FLOW;
	e->binding = e->ticket;
	memcpy(e->user, row.user, sizeof(e->user));
	memcpy(e->name, row.name, sizeof(e->name));
	e->ways = row.ways;
	e->has_password = row.has_password;
	e->linked = row.linked;
	e->needs_proof = row.linked && row.ways != 0 && !row.proven;
	e->needs_link = !row.linked && row.has_address && config_has_mail(app->config);
	e->set_up = row.set_up;
	e->by.flow = hash_str(e->flow);
	return ERR_OK;
}

static enum err
find_session(struct app *app, const struct request *req, struct enrol *e, struct why *why)
{
	int64_t since = app->now - app->config->fresh_login;
	struct factors_session row;
	enum err err;

	if (!login_session_of(app, req, e->user, e->sid))
		return ERR_OK;
	e->by.who.user = str_of(e->user);
	e->by.who.sid = str_of(e->sid);
	err = factors_step_find(app_db(app), &e->by.who, &row, why);
	if (err != ERR_OK || !row.found)
		return err;
	e->kind = ENROL_SESSION;
	e->binding = str_of(e->sid);
	memcpy(e->name, row.name, sizeof(e->name));
	e->ways = row.ways;
	e->has_password = row.has_password;
	e->stale_login = row.auth_time < since;
	e->stale_factor = row.ways != 0 && row.factor_at < since;
	e->set_up = row.set_up;
	return ERR_OK;
}

enum err
enrol_find(struct app *app, const struct request *req, struct enrol *e, struct why *why)
{
	enum err err;

	e->kind = ENROL_NOBODY;
	e->by = (struct factors_by){ .who.address = client_address(app, req),
				     .fresh = app->config->fresh_login,
				     .mail = config_has_mail(app->config) };
	err = find_link(app, req, e);
	if (err == ERR_OK && e->kind == ENROL_NOBODY)
		err = find_flow(app, req, e, why);
	if (err == ERR_OK && e->kind == ENROL_NOBODY && !e->over)
		err = find_session(app, req, e, why);
	return err;
}
