#include "oauth/token/token_answer.h"

#include "access/client.h"
#include "base/log.h"
#include "config/config.h"
#include "http/authenticate.h"
#include "http/cors.h"
#include "http/target.h"
#include "page/hearers.h"
#include "serve/power_database.h"
#include "serve/serve.h"

#define REVOKED_MAX 8192 /* two hundred sids */

struct str
token_origin(const struct request *req)
{
	struct str origin = request_env(req, "HTTP_ORIGIN");

	return target_is_origin(origin) ? origin : STR("");
}

bool
token_let_read(const struct request *req, struct response *res, bool known,
	       const char *methods)
{
	struct cors cors = { .n_origins = known ? 1 : 0, .methods = methods };
	const char *origin;
	struct buf text;
	bool answered;

	buf_init(&text, 512);
	buf_add(&text, token_origin(req));
	origin = buf_z(&text);
	cors.origins = &origin;
	if (known)
		response_header_remove(res, "Vary"); /* cors_apply sets it again */
	answered = cors_apply(&cors, req, res);
	buf_done(&text);
	return answered;
}

void
token_refuse(struct response *res, const char *error, const char *description)
{
	response_error(res, 400, error, description);
}

void
token_let_clients(struct app *app, const struct request *req, struct response *res)
{
	struct str origin = token_origin(req);
	struct why why = { "" };
	bool known = false;

	if (origin.n == 0)
		return;
	if (oauth_origin_known(app_db(app), origin, &known, &why) != ERR_OK)
		LOG(LOG_WARN, "oauth_unavailable", { "why", str_of(why.text) });
	token_let_read(req, res, known, NULL);
}

void
token_refuse_early(struct app *app, const struct request *req, struct response *res,
		   const char *error, const char *description)
{
	token_let_clients(app, req, res);
	token_refuse(res, error, description);
}

void
token_refuse_client(struct app *app, struct response *res)
{
	struct buf value;

	buf_init(&value, 1024);
	buf_addz(&value, "Basic realm=\"");
	authenticate_quote(&value, str_of(app->config->site_name));
	buf_addz(&value, "\", charset=\"UTF-8\"");
	res->failed = res->failed || value.failed;
	response_header(res, "WWW-Authenticate", buf_str(&value));
	buf_done(&value);
	response_error(
		res, 401, "invalid_client",
		"the client is not known, or has not proven that it is the one, by "
		"the method that it is registered with");
}

void
token_unavailable(struct app *app, const struct request *req, struct response *res,
		  enum err e, const struct why *why)
{
	LOG(LOG_ERROR, "oauth_unavailable", { "error", str_of(err_text(e)) },
	    { "why", str_of(why->text) });
	serve_unavailable(app, req, res, e);
}

bool
token_prove(struct app *app, const struct request *req, struct response *res,
	    const struct form *form, struct client_proof *p)
{
	struct why why = { "the client's secret" };
	enum client_shown shown;
	enum err e = client_proof_read(req, form, p, &shown);

	p->proof.origin = token_origin(req);
	if (e != ERR_OK)
		token_unavailable(app, req, res, e, &why);
	else if (shown == CLIENT_SHOWN_TWICE)
		token_refuse_early(app, req, res, "invalid_request",
				   "the client proves who it is in more than one way");
	else if (shown == CLIENT_SHOWN_NONE) {
		token_let_clients(app, req, res);
		token_refuse_client(app, res);
	}
	return e == ERR_OK && shown == CLIENT_SHOWN;
}

/* What a session_end of these would be called. */
static enum session_reason
reason_of(enum oauth_outcome outcome)
{
	switch (outcome) {
	case OAUTH_REUSE:
		return SESSION_END_REUSE;
	case OAUTH_LOST:
		return SESSION_END_LOST;
	case OAUTH_OK:
		return SESSION_END_LOGOUT;
	default:
		return SESSION_END_BEFORE;
	}
}

enum err
token_tell(struct app *app, const struct oauth_answer *answer, struct why *why)
{
	struct session_hearers hearers = hearers_of(app->config, app_db(app));
	struct buf sids;
	enum err e;

	buf_init(&sids, REVOKED_MAX);
	buf_add(&sids, answer->revoked);
	e = session_end(&hearers, reason_of(answer->outcome), &sids, why);
	buf_done(&sids);
	return e;
}

void
token_over(struct app *app, const struct request *req, struct response *res,
	   const struct oauth_answer *answer, const char *description)
{
	struct why why = { "" };
	enum err e = answer->revoked.n > 0 ? token_tell(app, answer, &why) : ERR_OK;

	if (e != ERR_OK)
		token_unavailable(app, req, res, e, &why);
	else
		token_refuse(res, "invalid_grant", description);
}
