/*
 * POST /oauth/token with grant_type=refresh_token: look, make the tokens, replace the
 * refresh token. So a renewal that fails has used nothing up and can be repeated.
 */
#include "access/client.h"
#include "base/log.h"
#include "client/client_scope.h"
#include "config/config.h"
#include "crypto/secret.h"
#include "oauth/token/token_made.h"
#include "people/refresh.h"
#include "serve/power_database.h"
#include "serve/power_session.h"

#define TRIES 3

/* A renewal under way. */
struct renewal {
	const struct client_proof *p;
	struct str scope; /* as it was asked for; empty: all */
	struct oauth_renewal renewal;
	char next[TICKET_SIZE];
	unsigned char old_hash[SHA256_SIZE], next_hash[SHA256_SIZE];
	struct oauth_answer look, done;
	struct token_made made;
	bool wider; /* more was asked for than the grant has */
};

/* What is no token of ours is the hash of none, and has no successor. */
static enum err
read_token(struct app *app, const struct form *form, struct renewal *r)
{
	struct str token;
	enum err e;

	form_find(form, "scope", &r->scope);
	form_find(form, "refresh_token", &token);
	r->renewal.grace = app->config->refresh_grace;
	r->renewal.offline_life = app->config->oauth_grant_life;
	r->renewal.old = (struct str){ (const char *)r->old_hash, SHA256_SIZE };
	r->renewal.next = (struct str){ (const char *)r->next_hash, SHA256_SIZE };
	if (!ticket_hash(TICKET_CLIENT_REFRESH, token, r->old_hash))
		return sha256(token, r->old_hash);
	e = refresh_derive(TICKET_CLIENT_REFRESH, app_secret(app), token, r->next);
	if (e == ERR_OK &&
	    !ticket_hash(TICKET_CLIENT_REFRESH, str_of(r->next), r->next_hash))
		e = ERR_CRYPTO;
	return e;
}

/* RFC 6749, 6: for this answer the scope may be narrower. */
static bool
read_scopes(const struct renewal *r, unsigned *scopes)
{
	unsigned granted = client_scope_read(r->look.grant.scopes);
	struct str unknown;

	*scopes = granted;
	if (r->scope.n == 0)
		return granted != 0;
	return client_scope_read_all(r->scope, scopes, &unknown) && *scopes != 0 &&
	       (*scopes & granted) == *scopes;
}

static enum err
make(struct app *app, struct renewal *r, struct why *why)
{
	unsigned scopes;

	r->wider = !read_scopes(r, &scopes);
	if (r->wider)
		return ERR_OK;
	return token_make(app, r->p->proof.client, &r->look.grant, scopes, &r->made, why);
}

/* `r->done` has the outcome, unless the scope is wider than the grant's. */
static enum err
try_once(struct app *app, struct renewal *r, struct why *why)
{
	struct db *db = app_db(app);
	enum err e = oauth_refresh_look(db, &r->p->proof, &r->renewal, &r->look, why);

	if (e != ERR_OK)
		return e;
	if (r->look.outcome == OAUTH_OK && (e = make(app, r, why)) != ERR_OK)
		return e;
	if (r->wider || r->look.outcome == OAUTH_CLIENT ||
	    r->look.outcome == OAUTH_UNKNOWN) {
		r->done.outcome = r->look.outcome;
		return ERR_OK;
	}
	return oauth_refresh(db, &r->p->proof, &r->renewal, r->look.grant.sid, &r->done,
			     why);
}

static void
forget(struct renewal *r)
{
	oauth_answer_done(&r->look);
	oauth_answer_done(&r->done);
	token_made_done(&r->made);
}

static enum err
run(struct app *app, struct renewal *r, struct why *why)
{
	enum err e = ERR_OK;

	for (int i = 0; i < TRIES; i++) {
		forget(r);
		e = try_once(app, r, why);
		if (e != ERR_OK || r->done.outcome != OAUTH_CHANGED)
			return e;
	}
	return why_set(why, ERR_BUSY, "the grant changes again and again");
}

static void
log_outcome(struct app *app, const struct request *req, const struct renewal *r)
{
	static const char *const reasons[] = {
		[OAUTH_INVALID] = "invalid", [OAUTH_CLIENT] = "client",
		[OAUTH_UNKNOWN] = "unknown", [OAUTH_ENDED] = "over",
		[OAUTH_LOST] = "lost",       [OAUTH_REUSE] = "reuse",
		[OAUTH_CHANGED] = "changed", [OAUTH_OK] = "scope",
	};
	enum oauth_outcome outcome = r->done.outcome;

	if (outcome == OAUTH_OK && !r->wider)
		LOG(LOG_INFO, "oauth_tokens", { "client", r->p->proof.client },
		    { "user", r->look.grant.name }, { "for", STR("refresh") },
		    { "address", client_address(app, req) });
	else
		LOG(outcome == OAUTH_REUSE ? LOG_WARN : LOG_INFO, "refresh_refused",
		    { "client", r->p->proof.client },
		    { "reason", str_of(reasons[outcome]) },
		    { "address", client_address(app, req) });
}

static void
answer(struct app *app, const struct request *req, struct response *res,
       const struct renewal *r)
{
	log_outcome(app, req, r);
	token_let_read(req, res, r->look.origin, NULL);
	if (r->wider)
		token_refuse(res, "invalid_scope",
			     "the scope has a word that was not granted");
	else if (r->done.outcome == OAUTH_OK)
		token_give(app, req, res, &r->made, str_of(r->next));
	else if (r->done.outcome == OAUTH_CLIENT)
		token_refuse_client(app, res);
	else if (r->done.outcome == OAUTH_UNKNOWN)
		token_refuse(res, "invalid_grant",
			     "the refresh token is not known, or is another client's");
	else
		token_over(app, req, res, &r->done,
			   "the grant is over: the person has to be asked again");
}

void
token_by_refresh(struct app *app, const struct request *req, struct response *res,
		 const struct form *form, const struct client_proof *p)
{
	struct renewal r = { .p = p, .renewal = { .address = client_address(app, req) } };
	struct why why = { "" };
	struct str token;
	enum err e;

	form_find(form, "refresh_token", &token);
	if (token.n == 0) {
		token_refuse_early(app, req, res, "invalid_request",
				   "refresh_token is missing");
		return;
	}
	if ((e = read_token(app, form, &r)) == ERR_OK)
		e = run(app, &r, &why);
	if (e == ERR_OK)
		answer(app, req, res, &r);
	else
		token_unavailable(app, req, res, e, &why);
	forget(&r);
	secret_wipe(&r, sizeof(r));
}
