#include "oauth/logout/logout_asked.h"

#include "access/access.h"
#include "serve/power_database.h"
#include "serve/power_sign.h"
#include "token/token.h"

void
logout_asked_read(const struct form *form, struct logout_asked *asked)
{
	form_find(form, "id_token_hint", &asked->hint);
	form_find(form, "client_id", &asked->client_id);
	form_find(form, "post_logout_redirect_uri", &asked->address);
	form_find(form, "state", &asked->state);
}

/* Read the access token of the browser. One that is not good is none. */
static enum err
find_here(struct app *app, const struct request *req, struct claims *here,
	  struct why *why)
{
	struct cookie c = access_cookie(app->config);
	enum jwt_refusal refusal = JWT_REFUSED;

	if (token_check(app_signer(app), cookie_get(req, &c), app->now, here, &refusal) ==
		    VERDICT_ALLOW &&
	    identity_kind_of(here) == IDENTITY_LOGIN)
		return ERR_OK;
	claims_clear(here);
	if (refusal == JWT_FAILED)
		return why_set(why, ERR_CRYPTO, "the access token cannot be checked");
	return ERR_OK;
}

static enum err
find_hint(struct app *app, const struct logout_asked *asked, struct logout_known *known,
	  struct why *why)
{
	enum jwt_refusal refusal = JWT_REFUSED;
	enum verdict v;

	if (asked->hint.n == 0)
		return ERR_OK;
	v = id_hint_read(app_signer(app), asked->hint, app->now, &known->hint, &refusal);
	if (refusal == JWT_FAILED)
		return why_set(why, ERR_CRYPTO, "the ID token cannot be checked");
	if (v != VERDICT_ALLOW ||
	    (asked->client_id.n > 0 && !str_eq(asked->client_id, known->hint.client)))
		known->fault = LOGOUT_HINT;
	return ERR_OK;
}

/* Byte for byte, so that no client can lead people elsewhere by a part of an address. */
static bool
is_registered(struct str lines, struct str address)
{
	while (lines.n > 0)
		if (str_eq(str_cut(&lines, '\n'), address))
			return true;
	return false;
}

static enum err
look(struct app *app, const struct logout_asked *asked, struct logout_known *known,
     struct why *why)
{
	bool hinted = known->hint.client.n > 0;
	struct str client = hinted ? known->hint.client : asked->client_id;
	enum err e;

	if (client.n == 0 || known->fault != LOGOUT_GOOD)
		return ERR_OK;
	e = oauth_logout_look(app_db(app), client, known->here.sub, known->here.sid,
			      &known->client, why);
	if (e != ERR_OK)
		return e;
	known->is_here = known->client.here;
	if (!known->client.found)
		known->fault = LOGOUT_CLIENT;
	else if (asked->address.n > 0 &&
		 !is_registered(known->client.logouts, asked->address))
		known->fault = LOGOUT_ADDRESS;
	else if (hinted)
		known->is_hinted = !known->is_here ||
				   (str_eq(known->here.sub, known->hint.user) &&
				    str_eq(known->client.id_sid, known->hint.sid));
	return ERR_OK;
}

enum err
logout_find_out(struct app *app, const struct request *req,
		const struct logout_asked *asked, struct logout_known *known,
		struct why *why)
{
	enum err e;

	*known = (struct logout_known){ .fault = LOGOUT_GOOD };
	claims_init(&known->here);
	claims_init(&known->hint.claims);
	if ((e = find_here(app, req, &known->here, why)) != ERR_OK ||
	    (e = find_hint(app, asked, known, why)) != ERR_OK)
		return e;
	return look(app, asked, known, why);
}

void
logout_known_done(struct logout_known *known)
{
	claims_done(&known->here);
	id_hint_done(&known->hint);
	oauth_logout_done(&known->client);
}
