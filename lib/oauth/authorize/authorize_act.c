/* Does what decide() has decided. */
#include <string.h>

#include "access/access.h"
#include "access/client.h"
#include "access/step_up.h"
#include "access/urls.h"
#include "base/log.h"
#include "base/text.h"
#include "crypto/secret.h"
#include "http/response.h"
#include "oauth/authorize/authorize_parts.h"
#include "serve/power_database.h"
#include "store/ways.h"
#include "ticket/ticket.h"

static void act(struct authorize *a, const struct decision *d);

/* To the login, and back to the stored request. `how`: the query's beginning, with its &. */
static void
lead(struct authorize *a, const char *how, const char *more)
{
	struct buf address, location;

	if (!authorize_store(a))
		return;
	buf_init(&address, 128);
	buf_init(&location, 512);
	asking_address(&address, str_of(a->id));
	buf_addf(&location, "%s?%sreturn_to=", URL_LOGIN, how);
	text_add_percent(&location, buf_str(&address), "/");
	buf_addz(&location, more);
	response_see_other(a->res, buf_str(&location));
	buf_done(&location);
	buf_done(&address);
}

/* A stronger login is wished for: it is asked for once, so the row remembers that. */
static bool
remember_step(struct authorize *a)
{
	struct str browser = { (char *)a->browser, sizeof(a->browser) };
	struct why why = { "" };
	bool found;
	enum err e;

	if (!authorize_store(a))
		return false;
	e = oauth_request_step(app_db(a->app), str_of(a->id), browser, &found, &why);
	if (e != ERR_OK)
		authorize_unavailable(a, e, &why);
	else if (!found)
		authorize_page_over(a, 410, "oauth_over.gone");
	return e == ERR_OK && found;
}

static void
lead_to_login(struct authorize *a, const struct decision *d)
{
	static const char *const how[] = {
		[NEED_NOTHING] = "",
		[NEED_FRESH] = "need=fresh&",
		[NEED_FACTOR] = "need=factor&",
		[NEED_PHR] = "need=phr&",
	};

	if ((d->need != NEED_FACTOR && d->need != NEED_PHR) || remember_step(a))
		lead(a, how[d->need], d->other ? "&other=1" : "");
}

static bool
is_silent(const struct authorize *a)
{
	return (a->wish.prompts & PROMPT_NONE) != 0;
}

/* No code was made, because something has changed since it was decided. */
static void
act_on_change(struct authorize *a, enum oauth_made made)
{
	struct decision d = { .next = NEXT_REFUSE };

	switch (made) {
	case OAUTH_MADE_GONE:
		authorize_page_over(a, 410, "oauth_over.gone");
		return;
	case OAUTH_MADE_FORBIDDEN:
		d.next = NEXT_FORBIDDEN;
		refusal_set(&d.refusal, "access_denied",
			    "this person may not use the client");
		break;
	case OAUTH_MADE_CONSENT:
		d.next = NEXT_ASK;
		refusal_set(&d.refusal, "consent_required", "the person has to be asked");
		break;
	default:
		d.next = NEXT_LOGIN;
		refusal_set(&d.refusal, "login_required", "nobody is signed in");
	}
	if (is_silent(a))
		d.next = NEXT_REFUSE;
	act(a, &d);
}

static enum err
make_code(struct authorize *a, struct str hash, enum oauth_made *made, struct why *why)
{
	struct oauth_code_new code = {
		.user = a->user,
		.sid = a->sid,
		.client = a->look.client.id,
		.scopes = a->wish.scopes,
		.redirect = authorize_redirect_uri(a),
		.challenge = a->wish.challenge,
		.nonce = a->wish.nonce,
		.hash = hash,
		.life = AUTHORIZE_CODE_LIFE,
		.consented = a->allowed,
		.address = client_address(a->app, a->req),
	};

	if (a->id[0] != '\0') {
		code.request = str_of(a->id);
		code.browser = (struct str){ (char *)a->browser, sizeof(a->browser) };
	}
	return oauth_code_make(app_db(a->app), &code, made, why);
}

static void
give(struct authorize *a, struct str code, struct str hash)
{
	enum oauth_made made = OAUTH_MADE_OVER;
	struct why why = { "" };
	enum err e = make_code(a, hash, &made, &why);

	if (e != ERR_OK) {
		authorize_unavailable(a, e, &why);
	} else if (made != OAUTH_MADE_OK) {
		act_on_change(a, made);
	} else {
		LOG(LOG_INFO, "oauth_code", { "client", a->look.client.id },
		    { "user", a->look.user_name },
		    { "address", client_address(a->app, a->req) });
		authorize_send_code(a, code);
	}
}

static void
grant(struct authorize *a)
{
	char code[TICKET_SIZE] = "";
	unsigned char hash[SHA256_SIZE];
	struct refusal too_long;
	struct why why = { "" };
	enum err e = ticket_new(TICKET_CODE, code);

	if (e == ERR_OK && !ticket_hash(TICKET_CODE, str_of(code), hash))
		e = ERR_CRYPTO;
	refusal_set(&too_long, "invalid_request", "state is too long to be sent back");
	if (e != ERR_OK)
		authorize_unavailable(a, e, &why);
	else if (!authorize_code_fits(a, str_of(code)))
		authorize_send_error(a, &too_long);
	else
		give(a, str_of(code), (struct str){ (char *)hash, sizeof(hash) });
	secret_wipe(code, sizeof(code));
}

static void
act(struct authorize *a, const struct decision *d)
{
	switch (d->next) {
	case NEXT_RENEW:
		lead(a, "need=none&", "");
		break;
	case NEXT_LOGIN:
		lead_to_login(a, d);
		break;
	case NEXT_FORBIDDEN:
		if (authorize_store(a))
			authorize_page_forbidden(a);
		break;
	case NEXT_ASK:
		/* the token must hold until the form is sent */
		if (!access_renew(a->app, a->req, a->res, &a->who) && authorize_store(a))
			authorize_page_ask(a, 200, "");
		break;
	case NEXT_GRANT:
		grant(a);
		break;
	default:
		authorize_send_error(a, &d->refusal);
	}
}

/* A passkey is also a second factor, but a session can do that only with a password. */
static struct person
find_person(const struct oauth_look *look)
{
	return (struct person){
		.here = look->here,
		.auth_age = look->auth_age,
		.proved = acr_of_amr(look->amr),
		.has_factor = look->ways != 0,
		.has_passkey = (look->ways & FACTORS_PASSKEY) != 0,
		.may = look->may,
		.has_allowed = look->has_allowed,
	};
}

void
authorize_go_on(struct authorize *a)
{
	struct person person = find_person(&a->look);
	struct progress progress = {
		.stored = a->id[0] != '\0',
		.fresh = a->row.fresh,
		.stepped = a->row.stepped,
		.renewable = a->renewable,
		.allowed = a->allowed,
	};
	struct decision d;

	decide(&a->wish, &a->look.client, &person, a->hinted, &progress, &d);
	act(a, &d);
}
