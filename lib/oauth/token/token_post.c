/*
 * POST /oauth/token: a code, or a refresh token, becomes tokens. Both keys are looked up
 * before the statement that uses a code up.
 */
#include "access/client.h"
#include "base/log.h"
#include "client/client_scope.h"
#include "client/pkce.h"
#include "config/config.h"
#include "crypto/secret.h"
#include "oauth/token/token_handlers.h"
#include "oauth/token/token_made.h"
#include "serve/power_database.h"
#include "ticket/ticket.h"

/* What is no verifier has the challenge of none, so that the code is refused. */
#define NO_CHALLENGE "-"

/* The tokens of a code that is used up by now. */
static void
give(struct app *app, const struct request *req, struct response *res,
     const struct client_proof *p, const struct oauth_grant *g, struct str refresh)
{
	struct token_made made;
	struct why why = { "" };
	enum err e = token_make(app, p->proof.client, g, client_scope_read(g->scopes),
				&made, &why);

	if (e == ERR_OK) {
		LOG(LOG_INFO, "oauth_tokens", { "client", p->proof.client },
		    { "user", g->name }, { "for", STR("code") },
		    { "address", client_address(app, req) });
		token_give(app, req, res, &made, refresh);
	} else {
		token_unavailable(app, req, res, e, &why);
	}
	token_made_done(&made);
}

static void
answer_code(struct app *app, const struct request *req, struct response *res,
	    const struct client_proof *p, const struct oauth_answer *answer,
	    struct str refresh)
{
	if (answer->outcome != OAUTH_OK)
		LOG(answer->outcome == OAUTH_REUSE ? LOG_WARN : LOG_INFO, "code_refused",
		    { "client", p->proof.client },
		    { "reason", answer->outcome == OAUTH_REUSE    ? STR("reuse")
				: answer->outcome == OAUTH_CLIENT ? STR("client")
								  : STR("invalid") },
		    { "address", client_address(app, req) });
	token_let_read(req, res, answer->origin, NULL);
	if (answer->outcome == OAUTH_OK)
		give(app, req, res, p, &answer->grant, refresh);
	else if (answer->outcome == OAUTH_CLIENT)
		token_refuse_client(app, res);
	else
		token_over(
			app, req, res, answer,
			"the code is not known, has been used or is too old; or it was "
			"made for another client, redirect_uri or code_verifier");
}

/* The verifier's challenge, and the refresh token of the answer with its hash. */
struct code_parts {
	char challenge[PKCE_CHALLENGE + 1];
	char refresh[TICKET_SIZE];
	unsigned char hash[SHA256_SIZE], refresh_hash[SHA256_SIZE];
};

static enum err
read_parts(const struct form *form, struct str text, struct code_parts *parts,
	   struct oauth_code *code)
{
	struct str verifier;
	enum err e;

	form_find(form, "code_verifier", &verifier);
	form_find(form, "redirect_uri", &code->redirect);
	if (verifier.n > 0) {
		if (!pkce_verifier_is_valid(verifier))
			code->challenge = STR(NO_CHALLENGE);
		else if ((e = pkce_make(verifier, parts->challenge)) != ERR_OK)
			return e;
		else
			code->challenge = str_of(parts->challenge);
	}
	/* what is no code of ours is the hash of none */
	if (!ticket_hash(TICKET_CODE, text, parts->hash) &&
	    (e = sha256(text, parts->hash)) != ERR_OK)
		return e;
	if ((e = ticket_new(TICKET_CLIENT_REFRESH, parts->refresh)) != ERR_OK)
		return e;
	if (!ticket_hash(TICKET_CLIENT_REFRESH, str_of(parts->refresh),
			 parts->refresh_hash))
		return ERR_CRYPTO;
	code->hash = (struct str){ (const char *)parts->hash, SHA256_SIZE };
	code->refresh = (struct str){ (const char *)parts->refresh_hash, SHA256_SIZE };
	return ERR_OK;
}

static void
use_code(struct app *app, const struct request *req, struct response *res,
	 const struct form *form, const struct client_proof *p, struct str text)
{
	struct oauth_code code = { .offline_life = app->config->oauth_grant_life,
				   .address = client_address(app, req) };
	struct oauth_answer answer = { .rows = NULL };
	struct code_parts parts = { .challenge = "" };
	struct why why = { "" };
	enum err e = read_parts(form, text, &parts, &code);

	if (e == ERR_OK)
		e = oauth_code_use(app_db(app), &p->proof, &code, &answer, &why);
	if (e == ERR_OK)
		answer_code(app, req, res, p, &answer, str_of(parts.refresh));
	else
		token_unavailable(app, req, res, e, &why);
	oauth_answer_done(&answer);
	secret_wipe(&parts, sizeof(parts));
}

static void
by_code(struct app *app, const struct request *req, struct response *res,
	const struct form *form, const struct client_proof *p)
{
	struct str code;

	form_find(form, "code", &code);
	if (code.n == 0)
		token_refuse_early(app, req, res, "invalid_request", "code is missing");
	else if (token_keys(app, req, res, p->proof.client))
		use_code(app, req, res, form, p, code);
}

static void
by_grant_type(struct app *app, const struct request *req, struct response *res,
	      const struct form *form, const struct client_proof *p)
{
	struct str grant_type;

	form_find(form, "grant_type", &grant_type);
	if (str_is(grant_type, "authorization_code"))
		by_code(app, req, res, form, p);
	else if (str_is(grant_type, "refresh_token"))
		token_by_refresh(app, req, res, form, p);
	else if (grant_type.n == 0)
		token_refuse_early(app, req, res, "invalid_request",
				   "grant_type is missing");
	else
		token_refuse_early(
			app, req, res, "unsupported_grant_type",
			"grant_type is neither authorization_code nor refresh_token");
}

void
token_post(struct app *app, const struct request *req, struct response *res,
	   const struct visit *visit)
{
	struct client_proof p;

	if (token_prove(app, req, res, visit->form, &p))
		by_grant_type(app, req, res, visit->form, &p);
	client_proof_done(&p);
}
