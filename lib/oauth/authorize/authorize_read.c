/* From the arrival of a request to what is known of it. */
#include <string.h>

#include "access/access.h"
#include "jose/refusal.h"
#include "oauth/authorize/authorize_parts.h"
#include "serve/power_database.h"
#include "serve/power_sign.h"
#include "token/id_hint.h"

void
authorize_init(struct authorize *a, struct app *app, const struct request *req,
	       struct response *res)
{
	memset(a, 0, sizeof(*a));
	a->app = app;
	a->req = req;
	a->res = res;
	identity_init(&a->who);
}

void
authorize_done(struct authorize *a)
{
	oauth_request_done(&a->row);
	oauth_look_done(&a->look);
	asked_done(&a->asked);
}

void
authorize_take_person(struct authorize *a, const struct identity *who)
{
	a->who = *who;
	a->user = who->claims->sub;
	a->sid = who->claims->sid;
}

bool
authorize_find_person(struct authorize *a)
{
	struct identity who;
	bool by_cookie;
	enum access access;

	identity_init(&who);
	access = access_check(a->app, a->req, &who, &by_cookie);
	if (access == ACCESS_FAILED || access == ACCESS_BAD) {
		access_refuse(a->app, a->req, a->res, access, false);
		return false;
	}
	if (access == ACCESS_GRANTED && by_cookie && who.kind == IDENTITY_LOGIN)
		authorize_take_person(a, &who);
	a->renewable = access == ACCESS_INVALID && by_cookie;
	return true;
}

bool
authorize_find_stored(struct authorize *a, struct str id)
{
	struct why why = { "" };
	struct str browser = { (char *)a->browser, sizeof(a->browser) };
	bool found = false;
	enum err e = asking_browser(a->app, a->req, a->browser, &found);

	if (e == ERR_OK && !found) {
		authorize_page_over(a, 400, "oauth_over.cookie");
		return false;
	}
	if (e == ERR_OK)
		e = oauth_request_look(app_db(a->app), id, browser, a->user, a->sid,
				       &a->row, &found, &why);
	if (e != ERR_OK)
		authorize_unavailable(a, e, &why);
	else if (!found || a->row.answered)
		authorize_page_over(a, 410, "oauth_over.gone");
	else
		memcpy(a->id, id.p, id.n);
	return a->id[0] != '\0';
}

/* RFC 6749, 4.1.2.1: without a client and an address of its own nobody can be told. */
static bool
find_client(struct authorize *a)
{
	struct str id = a->asked.value[ASKED_CLIENT_ID];
	enum mistake mistake = judge_client_id(&a->asked);
	struct why why = { "" };
	bool found = false;
	enum err e;

	if (mistake == MISTAKE_NONE) {
		e = oauth_client_look(app_db(a->app), id, a->user, a->sid, &a->look,
				      &found, &why);
		if (e != ERR_OK) {
			authorize_unavailable(a, e, &why);
			return false;
		}
		mistake = found ? judge_redirect(&a->asked, &a->look.client)
				: MISTAKE_CLIENT_UNKNOWN;
	}
	if (mistake != MISTAKE_NONE)
		authorize_page_mistake(a, mistake);
	return mistake == MISTAKE_NONE;
}

/*
 * The hint may have expired; it must be an ID token that we have given to this client. One
 * whose key is gone says nothing, so the person is found without it. Where nobody may be
 * asked, it is not certain that the right one is here.
 */
static bool
read_hint(struct authorize *a, struct refusal *refusal)
{
	struct str token = a->wish.id_token_hint;
	bool silent = (a->wish.prompts & PROMPT_NONE) != 0;
	enum jwt_refusal why = JWT_ACCEPTED;
	struct id_hint hint;
	bool good;

	if (token.n == 0)
		return true;
	good = id_hint_read(app_signer(a->app), token, a->app->now, &hint, &why) ==
		       VERDICT_ALLOW &&
	       str_eq(hint.client, a->look.client.id);
	if (good && a->look.here && !str_eq(hint.user, a->user))
		a->hinted = HINTED_OTHER;
	id_hint_done(&hint);
	if (why == JWT_FAILED)
		return refusal_set(refusal, "temporarily_unavailable",
				   "id_token_hint cannot be checked at the moment");
	if (!good && why != JWT_NO_KEY)
		return refusal_set(refusal, "invalid_request",
				   "id_token_hint is no ID token for this client");
	if (!good && silent)
		return refusal_set(refusal, "login_required",
				   "the key of id_token_hint is not known any more");
	return true;
}

bool
authorize_judge(struct authorize *a, struct str query)
{
	struct why why = { "" };
	struct refusal refusal;
	enum err e = asked_read(&a->asked, query);

	if (e != ERR_OK) {
		authorize_unavailable(a, e, &why);
		return false;
	}
	if (!find_client(a))
		return false;
	if (judge_wish(&a->asked, &a->look.client, &a->wish, &refusal) &&
	    read_hint(a, &refusal))
		return true;
	authorize_send_error(a, &refusal);
	return false;
}
