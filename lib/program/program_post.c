/* POST /login/token. */
#include <stdlib.h>

#include "access/access.h"
#include "access/client.h"
#include "access/csrf.h"
#include "access/urls.h"
#include "base/log.h"
#include "config/config.h"
#include "entry/login_session.h"
#include "program/program_parts.h"
#include "serve/power_database.h"
#include "serve/power_session.h"
#include "serve/power_sign.h"
#include "serve/serve.h"
#include "template/escape.h"
#include "worker/worker.h"

static enum err
find_visitor(struct app *app, const struct request *req, struct program_visitor *who,
	     struct why *why)
{
	if (!login_session_of(app, req, who->user, who->sid))
		return ERR_OK;
	return programs_look(app_db(app), str_of(who->user), str_of(who->sid),
			     &who->owner, why);
}

bool
program_form_token(struct app *app, const struct request *req, struct response *res,
		   struct visit *visit)
{
	static const struct token_problem stale = { 403, "token.stale" };
	struct program_visitor *who = calloc(1, sizeof(*who));
	struct why why = { "no memory" };
	struct str token;
	enum err e = ERR_MEMORY;

	visit->found = who;
	if (who != NULL)
		e = find_visitor(app, req, who, &why);
	if (e != ERR_OK) {
		program_unavailable(app, req, res, e, &why);
		return false;
	}
	if (!who->owner.found) {
		access_refuse(app, req, res, ACCESS_NONE, false);
		return false;
	}
	form_find(visit->form, "form_token", &token);
	if (csrf_check(app_secret(app), TOKEN_FORM_PURPOSE, str_of(who->sid), app->now,
		       token) == VERDICT_ALLOW)
		return true;
	LOG(LOG_WARN, "form_refused", { "reason", STR("token") },
	    { "user", str_of(who->owner.name) }, { "address", client_address(app, req) });
	program_page(app, req, res, who, visit->form, &stale);
	return false;
}

/* ---- is the login recent? ---- */

/* Lead to what is missing, and then to the page with the form. */
static void
lead(struct response *res, const char *login)
{
	struct buf location;

	buf_init(&location, 512);
	buf_addz(&location, login);
	escape_url(&location, STR(URL_ACCOUNT_TOKENS));
	response_see_other(res, buf_str(&location));
	buf_done(&location);
}

/* A login, and a proof of a factor if there is one, that are recent. */
static bool
is_proven(const struct app *app, struct response *res, const struct programs_owner *owner)
{
	int64_t since = app->now - app->config->fresh_login;

	if (owner->auth_time < since)
		lead(res, URL_LOGIN_FRESH);
	else if (owner->ways != 0 && owner->factor_at < since)
		lead(res, URL_LOGIN_PROVE);
	else
		return true;
	return false;
}

/* ---- making it ---- */

/*
 * A key that ends before the token would leave it without one. This is so for a short
 * time while the site changes its key.
 */
static bool
key_lives(struct app *app, int64_t until)
{
	struct why why = { "" };
	const struct jwk *key = signer_key(app_signer(app), app->now, &why);

	return key == NULL || key->exp == 0 || key->exp >= until;
}

static enum err
sign(struct app *app, const struct program_visitor *who, const struct program_wish *wish,
     struct buf *token, struct why *why)
{
	const struct program_token t = {
		.sid = str_of(wish->sid),
		.subject = str_of(who->user),
		.name = str_of(who->owner.name),
		.roles = wish->role,
		.n_roles = wish->n_roles,
		.site = str_of(app->config->public_url),
		.prefix = buf_str(&wish->prefix),
	};
	struct buf jti, audience;
	struct claims claims;
	enum err e;

	claims_init(&claims);
	buf_init(&jti, 64);
	buf_init(&audience, 1024);
	e = program_token_sign(app_signer(app), &t, &claims, app->now, wish->life, &jti,
			       &audience, token, why);
	claims_done(&claims);
	buf_done(&jti);
	buf_done(&audience);
	return e;
}

static enum err
store(struct app *app, const struct request *req, const struct program_visitor *who,
      const struct program_wish *wish, enum programs_made *made, int64_t *wait,
      struct why *why)
{
	const struct programs_token t = {
		.id = str_of(wish->sid),
		.user = str_of(who->user),
		.name = str_of(who->owner.name),
		.label = wish->label,
		.roles = wish->role,
		.n_roles = wish->n_roles,
		.prefix = buf_str(&wish->prefix),
		.expires = app->now + wish->life,
		.tell = config_has_mail(app->config),
	};

	return programs_make(app_db(app), &t, str_of(who->sid), app->config->fresh_login,
			     client_address(app, req), made, wait, why);
}

static struct token_problem
problem_of(enum programs_made made)
{
	switch (made) {
	case PROGRAMS_WAIT:
		return (struct token_problem){ 429, "token.wait" };
	case PROGRAMS_LABEL:
		return (struct token_problem){ 422, "token.bad_label", .label = true };
	case PROGRAMS_FULL:
		return (struct token_problem){ 409, "token.full" };
	default:
		return (struct token_problem){ 409, "token.changed" };
	}
}

/* Whatever the database said. The token is shown only if its row is stored. */
static void
answer(struct app *app, const struct request *req, struct response *res,
       const struct visit *visit, const struct program_wish *wish,
       enum programs_made made, int64_t wait, struct str token)
{
	const struct program_visitor *who = visit->found;
	struct token_problem problem;

	LOG(made == PROGRAMS_MADE ? LOG_INFO : LOG_WARN,
	    made == PROGRAMS_MADE ? "token_made" : "token_not_made",
	    { "user", str_of(who->owner.name) }, { "sid", str_of(wish->sid) },
	    { "address", client_address(app, req) });
	if (made == PROGRAMS_MADE) {
		worker_wake(app); /* the owner is told by mail */
		program_made_page(app, req, res, wish, token);
	} else if (made == PROGRAMS_OVER) {
		access_refuse(app, req, res, ACCESS_INVALID, false);
	} else if (made == PROGRAMS_STALE) {
		lead(res, URL_LOGIN_FRESH);
	} else {
		problem = problem_of(made);
		if (made == PROGRAMS_WAIT)
			serve_retry_after(res, wait);
		program_page(app, req, res, who, visit->form, &problem);
	}
}

static void
make(struct app *app, const struct request *req, struct response *res,
     const struct visit *visit, struct program_wish *wish)
{
	static const struct token_problem keys = { 503, "token.keys" };
	const struct program_visitor *who = visit->found;
	enum programs_made made = PROGRAMS_OVER;
	struct why why = { "" };
	struct buf token;
	int64_t wait = 0;
	enum err e;

	if (!key_lives(app, app->now + wish->life)) {
		program_page(app, req, res, who, visit->form, &keys);
		return;
	}
	buf_init(&token, 2 * JWT_MAX);
	e = program_token_sid(wish->sid);
	if (e == ERR_OK)
		e = sign(app, who, wish, &token, &why);
	if (e == ERR_OK)
		e = store(app, req, who, wish, &made, &wait, &why);
	if (e == ERR_OK)
		answer(app, req, res, visit, wish, made, wait, buf_str(&token));
	else
		program_unavailable(app, req, res, e, &why);
	buf_done(&token);
}

void
program_post(struct app *app, const struct request *req, struct response *res,
	     const struct visit *visit)
{
	const struct program_visitor *who = visit->found;
	struct program_wish wish = { .n_roles = 0 };
	struct token_problem problem;

	if (!is_proven(app, res, &who->owner))
		return;
	problem = program_wish_read(&wish, app, visit->form, &who->owner);
	if (problem.phrase != NULL)
		program_page(app, req, res, who, visit->form, &problem);
	else
		make(app, req, res, visit, &wish);
	program_wish_done(&wish);
}
