/*
 * POST /oauth/revoke (RFC 7009): a client gives a token back. What is not good, or not
 * its own, is left alone, and the answer is the same.
 */
#include "access/client.h"
#include "base/log.h"
#include "oauth/token/token_answer.h"
#include "oauth/token/token_handlers.h"
#include "serve/power_database.h"
#include "serve/power_sign.h"
#include "ticket/ticket.h"
#include "token/client_token.h"

/* Which token it is. Both are empty if it is none of ours. */
struct given_back {
	unsigned char hash[SHA256_SIZE];
	struct str refresh; /* the hash of a refresh token */
	struct str sid;     /* of an access token of this client */
	struct claims claims;
};

static enum err
read_token(struct app *app, struct str client, struct str token, struct given_back *g,
	   struct why *why)
{
	enum jwt_refusal refusal;

	if (ticket_hash(TICKET_CLIENT_REFRESH, token, g->hash)) {
		g->refresh = (struct str){ (const char *)g->hash, sizeof(g->hash) };
		return ERR_OK;
	}
	if (client_token_check(app_signer(app), token, app->now, &g->claims, &refusal) ==
		    VERDICT_ALLOW &&
	    str_eq(g->claims.client_id, client))
		g->sid = g->claims.sid;
	return refusal == JWT_FAILED
		       ? why_set(why, ERR_CRYPTO, "the token cannot be checked")
		       : ERR_OK;
}

static void
answer(struct app *app, const struct request *req, struct response *res,
       const struct client_proof *p, const struct oauth_answer *said)
{
	struct why why = { "" };
	enum err e = ERR_OK;

	token_let_read(req, res, said->origin, NULL);
	if (said->outcome != OAUTH_OK) {
		token_refuse_client(app, res);
		return;
	}
	if (said->revoked.n > 0)
		e = token_tell(app, said, &why);
	if (e != ERR_OK) {
		token_unavailable(app, req, res, e, &why);
		return;
	}
	LOG(LOG_INFO, "token_given_back", { "client", p->proof.client },
	    { "ended", said->revoked.n > 0 ? STR("yes") : STR("no") },
	    { "address", client_address(app, req) });
	response_empty(res, 200);
}

static void
give_back(struct app *app, const struct request *req, struct response *res,
	  const struct form *form, const struct client_proof *p)
{
	struct str token;
	struct given_back g = { .refresh = { NULL, 0 } };
	struct oauth_answer said = { .rows = NULL };
	struct why why = { "" };
	enum err e;

	form_find(form, "token", &token);
	if (token.n == 0) {
		token_refuse_early(app, req, res, "invalid_request", "token is missing");
		return;
	}
	claims_init(&g.claims);
	e = read_token(app, p->proof.client, token, &g, &why);
	if (e == ERR_OK)
		e = oauth_revoke(app_db(app), &p->proof, g.refresh, g.sid,
				 client_address(app, req), &said, &why);
	if (e == ERR_OK)
		answer(app, req, res, p, &said);
	else
		token_unavailable(app, req, res, e, &why);
	oauth_answer_done(&said);
	claims_done(&g.claims);
}

void
token_revoke(struct app *app, const struct request *req, struct response *res,
	     const struct visit *visit)
{
	struct client_proof p;

	if (token_prove(app, req, res, visit->form, &p))
		give_back(app, req, res, visit->form, &p);
	client_proof_done(&p);
}
