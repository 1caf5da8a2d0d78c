#include "access/step_up.h"

#include <inttypes.h>

#include "access/urls.h"
#include "base/text.h"
#include "config/config.h"
#include "http/accept.h"
#include "http/credential.h"
#include "http/target.h"
#include "serve/serve.h"

static const char *const names[] = {
	[NEED_NOTHING] = "",
	[NEED_FRESH] = "fresh",
	[NEED_FACTOR] = "factor",
	[NEED_PHR] = "phr",
};

enum need
need_find(struct str text)
{
	for (enum need need = NEED_FRESH; need <= NEED_PHR; need++)
		if (str_is(text, names[need]))
			return need;
	return NEED_NOTHING;
}

const char *
need_text(enum need need)
{
	return names[need];
}

bool
need_location(struct buf *out, enum need need, struct str return_to)
{
	buf_addf(out, "%s?need=%s", URL_LOGIN, names[need]);
	if (target_is_path(return_to)) {
		buf_addz(out, "&return_to=");
		text_add_percent(out, return_to, "/");
	}
	return !out->failed;
}

enum need
step_up_lacks(const struct identity *who, const struct step_up *wanted, int64_t now)
{
	int64_t age = now - who->auth_time;

	if (wanted->login_within > 0 &&
	    (who->kind != IDENTITY_LOGIN || age < 0 || age > wanted->login_within))
		return NEED_FRESH;
	if (wanted->acr == ACR_NONE || identity_has_proved(who, wanted->acr))
		return NEED_NOTHING;
	switch (wanted->acr) {
	case ACR_PHR:
		return NEED_PHR;
	case ACR_2FA:
		return NEED_FACTOR;
	default:
		return NEED_FRESH;
	}
}

bool
step_up_require(struct app *app, const struct request *req, struct response *resp,
		const struct identity *who, const struct step_up *wanted)
{
	enum need need = step_up_lacks(who, wanted, app->now);

	if (need == NEED_NOTHING)
		return true;
	step_up_refuse(app, req, resp, need, wanted, true);
	return false;
}

/*
 * Redirect to the login. It must not renew the token silently and send back. An address
 * with a token in its query must not go there (access.c).
 */
static bool
lead(const struct app *app, const struct request *req, struct response *resp,
     enum need need)
{
	struct buf to;

	if (!request_is(req, "GET") || !accept_navigation(req) ||
	    (app->config->token_in_query && credential_in_query(req->query)))
		return false;
	buf_init(&to, 4 * TARGET_MAX);
	if (need_location(&to, need, req->uri))
		response_see_other(resp, buf_str(&to));
	buf_done(&to);
	return resp->complete;
}

static const char *
missing_text(enum need need)
{
	switch (need) {
	case NEED_PHR:
		return "a login with a passkey is required";
	case NEED_FACTOR:
		return "a login with a second factor is required";
	default:
		return "a more recent login is required";
	}
}

/* RFC 9470, 3. The login's age counts from the last time the user proved who they are. */
static void
put_challenge(struct response *resp, const char *missing, const struct step_up *wanted)
{
	struct buf challenge;

	buf_init(&challenge, 512);
	buf_addf(&challenge,
		 "Bearer error=\"insufficient_user_authentication\", "
		 "error_description=\"%s\"",
		 missing);
	if (wanted->acr > ACR_NONE)
		buf_addf(&challenge, ", acr_values=\"%s\"", acr_text(wanted->acr));
	if (wanted->login_within > 0)
		buf_addf(&challenge, ", max_age=\"%" PRId64 "\"", wanted->login_within);
	response_header(resp, "WWW-Authenticate", buf_str(&challenge));
	buf_done(&challenge);
}

void
step_up_refuse(struct app *app, const struct request *req, struct response *resp,
	       enum need need, const struct step_up *wanted, bool redirect)
{
	if (redirect && lead(app, req, resp, need))
		return;
	put_challenge(resp, missing_text(need), wanted);
	serve_error(app, req, resp, 401, "insufficient_user_authentication",
		    missing_text(need));
}
