/* GET and POST /oauth/userinfo (OpenID Connect Core, 5.3; RFC 6750). */
#include "access/client.h"
#include "base/log.h"
#include "client/client_scope.h"
#include "config/config.h"
#include "http/authenticate.h"
#include "http/credential.h"
#include "oauth/token/person_claims.h"
#include "oauth/token/token_answer.h"
#include "oauth/token/token_handlers.h"
#include "serve/power_database.h"
#include "serve/power_verify.h"
#include "serve/serve.h"
#include "token/guard.h"
#include "json/json.h"

#define ANSWER_MAX 16384

/* RFC 6750, 3.1. */
static void
refuse(struct app *app, struct response *res, int status, const char *error,
       const char *description)
{
	authenticate_bearer(res, app->config->site_name, error, description);
	response_error(res, status, error != NULL ? error : "unauthorized", description);
}

static void
refuse_token(struct app *app, const struct request *req, struct response *res,
	     const char *why)
{
	LOG(LOG_INFO, "token_refused", { "why", str_of(why) },
	    { "address", client_address(app, req) });
	refuse(app, res, 401, "invalid_token",
	       "the access token is not valid, or no longer, or is for something else");
}

static enum err
put_person(const struct oauth_grant *g, unsigned scopes, struct buf *json)
{
	struct person_claims person;
	enum err e = person_claims_make(g, scopes, &person);

	json_put_open(json, '{');
	json_put_member(json, "sub", g->user_id);
	for (size_t i = 0; e == ERR_OK && i < person.n; i++) {
		json_put_text_name(json, person.list[i].name);
		json_put_raw(json, person.list[i].json);
	}
	json_put_close(json, '}');
	person_claims_done(&person);
	return e == ERR_OK && json->failed ? ERR_LIMIT : e;
}

/* What the token and the grant both say. */
static void
tell(struct app *app, const struct request *req, struct response *res,
     const struct oauth_grant *g, struct str scope)
{
	unsigned scopes = client_scope_read(g->scopes) & client_scope_read(scope);
	struct why why = { "what userinfo says" };
	struct buf json;
	enum err e;

	buf_init(&json, ANSWER_MAX);
	if ((e = put_person(g, scopes, &json)) == ERR_OK)
		response_json(res, 200, buf_str(&json));
	else
		token_unavailable(app, req, res, e, &why);
	buf_done(&json);
}

static void
ask(struct app *app, const struct request *req, struct response *res,
    const struct identity *who)
{
	struct oauth_answer answer;
	struct why why = { "" };
	enum err e = oauth_userinfo(app_db(app), who->claims->sid, who->id, who->client,
				    token_origin(req), &answer, &why);

	token_let_read(req, res, e == ERR_OK && answer.origin, NULL);
	if (e != ERR_OK)
		token_unavailable(app, req, res, e, &why);
	else if (answer.outcome != OAUTH_OK)
		refuse_token(app, req, res, "its grant has ended");
	else if (!identity_has_scope(who, STR("openid")))
		refuse(app, res, 403, "insufficient_scope",
		       "the access token lacks the scope openid");
	else
		tell(app, req, res, &answer.grant, who->scope);
	oauth_answer_done(&answer);
}

/* Only a token that was made for a client, for this address. */
static bool
is_for_us(const struct app *app, const struct identity *who)
{
	struct str aud = who->claims->n_aud == 1 ? who->claims->aud[0] : STR("");
	struct str site = str_of(app->config->public_url);

	return who->kind == IDENTITY_CLIENT && str_starts_with(aud, site) &&
	       str_is(str_sub(aud, site.n, aud.n), IDENTITY_CLIENT_AUDIENCE);
}

static void
judge(struct app *app, const struct request *req, struct response *res, struct str token)
{
	struct guard *guard = app_guard(app);
	enum jwt_refusal refusal = JWT_FAILED;
	struct identity who;

	identity_init(&who);
	if (guard != NULL)
		guard_check(guard, token, app->now, &who, &refusal);
	if (refusal == JWT_ACCEPTED && is_for_us(app, &who)) {
		ask(app, req, res, &who);
	} else if (refusal == JWT_FAILED) {
		serve_unavailable(app, req, res, ERR_CRYPTO);
	} else {
		token_let_clients(app, req, res);
		refuse_token(app, req, res,
			     refusal == JWT_ACCEPTED ? "kind" : refusal_text(refusal));
	}
	identity_done(&who);
}

void
token_userinfo(struct app *app, const struct request *req, struct response *res,
	       const struct visit *visit)
{
	/* never the cookie, which no client has, and never the query, which is logged */
	const struct credential_places places = { .cookie = { .name = NULL },
						  .form = true };
	struct credential c;

	(void)visit;
	switch (credential_find(&c, req, &places)) {
	case CREDENTIAL_NONE:
		token_let_clients(app, req, res);
		refuse(app, res, 401, NULL, "an access token is needed");
		break;
	case CREDENTIAL_BAD:
		token_let_clients(app, req, res);
		refuse(app, res, 400, "invalid_request",
		       "more than one access token, or a malformed one");
		break;
	case CREDENTIAL_ONE:
		judge(app, req, res, c.token);
	}
	credential_done(&c);
}
