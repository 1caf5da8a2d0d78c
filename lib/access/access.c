#include "access/access.h"

#include "access/access_parts.h"
#include "access/origin.h"
#include "access/urls.h"
#include "base/log.h"
#include "config/config.h"
#include "http/accept.h"
#include "http/authenticate.h"
#include "http/credential.h"
#include "http/target.h"
#include "jose/refusal.h"
#include "serve/power_verify.h"
#include "serve/serve.h"
#include "token/guard.h"

struct cookie
access_cookie(const struct config *config)
{
	return (struct cookie){ .name = "doorward",
				.path = "/",
				.domain = str_of(config->cookie_domain),
				.plain_http = config->plain_http };
}

struct cookie
access_cookie_later(const struct config *config)
{
	return (struct cookie){ .name = "doorward-later",
				.path = "/",
				.domain = str_of(config->cookie_domain),
				.plain_http = config->plain_http };
}

/* X-Token becomes HTTP_X_TOKEN (RFC 3875, 4.1.18). */
static const char *
header_variable(const char *name, struct buf *out)
{
	if (name == NULL)
		return NULL;
	buf_addz(out, "HTTP_");
	for (; *name != '\0'; name++) {
		char c = *name;

		if (c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		buf_addc(out, c == '-' ? '_' : c);
	}
	return out->failed ? NULL : buf_z(out);
}

static enum credential_found
find_credential(const struct config *config, const struct request *req,
		struct cookie cookie, struct credential *c)
{
	struct credential_places places = { .cookie = cookie,
					    .form = config->token_in_form,
					    .query = config->token_in_query };
	enum credential_found found;
	struct buf variable;

	buf_init(&variable, 256);
	places.header = header_variable(config->token_header, &variable);
	found = credential_find(c, req, &places);
	buf_done(&variable);
	return found;
}

bool
access_has_token(const struct config *config, const struct request *req)
{
	struct credential c;
	bool found = find_credential(config, req, (struct cookie){ .name = NULL }, &c) !=
		     CREDENTIAL_NONE;

	credential_done(&c);
	return found;
}

enum origin
access_origin(const struct config *config, const struct request *req)
{
	return origin_judge(req, str_of(config->public_url), config->cors_origins.items,
			    config->cors_credentials ? config->cors_origins.n : 0);
}

bool
access_form_decides(const struct config *config, enum origin said)
{
	return said == ORIGIN_UNSAID && !config->plain_http;
}

enum access
access_judge_token(struct app *app, const struct request *req, struct str token,
		   struct identity *who)
{
	struct guard *guard = app_guard(app);
	enum jwt_refusal why;

	if (guard == NULL)
		return ACCESS_FAILED;
	if (guard_check_at(guard, token, req->uri, app->now, who, &why) == VERDICT_ALLOW)
		return ACCESS_GRANTED;
	LOG(why == JWT_FAILED ? LOG_ERROR : LOG_INFO, "token_refused",
	    { "why", str_of(refusal_text(why)) }, { "address", req->remote_address });
	return why == JWT_FAILED ? ACCESS_FAILED : ACCESS_INVALID;
}

/* The cookie holds what a login put there. A program shows its token itself. */
static enum access
judge_cookie(const struct request *req, struct identity *who)
{
	if (who->kind != IDENTITY_PROGRAM)
		return ACCESS_GRANTED;
	LOG(LOG_INFO, "token_refused", { "why", STR("a program's token in the cookie") },
	    { "address", req->remote_address });
	identity_done(who);
	return ACCESS_INVALID;
}

/* May this request use a cookie? `form`: a form's token is checked afterwards. */
static enum access
judge_origin(const struct app *app, const struct request *req, bool form,
	     struct identity *who)
{
	enum origin said = access_origin(app->config, req);

	if (said == ORIGIN_OWN || (form && access_form_decides(app->config, said)))
		return ACCESS_GRANTED;
	origin_log(req, who->name);
	identity_done(who);
	return said == ORIGIN_UNSAID ? ACCESS_UNSAID : ACCESS_CROSS_SITE;
}

static enum access
check(struct app *app, const struct request *req, bool form, struct identity *who,
      bool *by_cookie)
{
	struct credential c;
	enum access access = ACCESS_BAD;

	*by_cookie = false;
	switch (find_credential(app->config, req, access_cookie(app->config), &c)) {
	case CREDENTIAL_NONE:
		access = ACCESS_NONE;
		break;
	case CREDENTIAL_ONE:
		*by_cookie = credential_is_ambient(c.source);
		access = access_judge_token(app, req, c.token, who);
		break;
	case CREDENTIAL_BAD:
		break;
	}
	if (access == ACCESS_GRANTED && *by_cookie)
		access = judge_cookie(req, who);
	if (access == ACCESS_GRANTED && *by_cookie && !request_is_safe(req))
		access = judge_origin(app, req, form, who);
	credential_done(&c);
	return access;
}

enum access
access_check(struct app *app, const struct request *req, struct identity *who,
	     bool *by_cookie)
{
	return check(app, req, false, who, by_cookie);
}

/* ---- refusals ---- */

static void
answer_origin(struct app *app, const struct request *req, struct response *resp,
	      enum origin said)
{
	if (said == ORIGIN_UNSAID)
		serve_error(app, req, resp, 403, "origin_unsaid",
			    "nothing says which page the request came from: send Origin, "
			    "Referer or Sec-Fetch-Site");
	else
		serve_error(app, req, resp, 403, "cross_site",
			    "the request came from a page of another site");
}

void
access_refuse_origin(struct app *app, const struct request *req, struct response *resp,
		     enum origin said, struct str user)
{
	origin_log(req, user);
	answer_origin(app, req, resp, said);
}

/*
 * Send somebody who opens a page to the login. An address with a token in its query
 * must not go there: the visitor would come back with two tokens.
 */
static bool
lead_to_login(const struct app *app, const struct request *req, struct response *resp)
{
	struct buf location;

	if (!request_is_read(req) || !accept_navigation(req) ||
	    (app->config->token_in_query && credential_in_query(req->query)))
		return false;
	buf_init(&location, 4 * TARGET_MAX);
	target_login(&location, STR(URL_LOGIN), req->uri);
	response_see_other(resp, buf_str(&location));
	buf_done(&location);
	return true;
}

/*
 * True for a page to which the browser can come back (and that it does not prefetch),
 * with a session of ours whose token is in the second half of its life.
 */
static bool
is_due(struct app *app, const struct request *req, const struct identity *who)
{
	struct cookie later = access_cookie_later(app->config);
	struct str cookies = request_env(req, "HTTP_COOKIE");
	struct str purpose = request_env(req, "HTTP_SEC_PURPOSE");
	const struct claims *c = who->claims;
	struct str value;

	return who->kind == IDENTITY_LOGIN && app->now - c->iat > c->exp - app->now &&
	       request_is(req, "GET") && !str_starts_with(purpose, STR("prefetch")) &&
	       cookie_find(&later, cookies, &value) == COOKIE_ABSENT &&
	       target_is_path(req->uri);
}

bool
access_renew(struct app *app, const struct request *req, struct response *resp,
	     const struct identity *who)
{
	return is_due(app, req, who) && lead_to_login(app, req, resp);
}

static void
ask_for_token(struct app *app, const struct request *req, struct response *resp,
	      bool redirect, const char *error, const char *description)
{
	if (redirect && lead_to_login(app, req, resp))
		return;
	authenticate_bearer(resp, app->config->site_name, error, description);
	if (!request_is_safe(req) && accept_navigation(req))
		serve_error(app, req, resp, 401, "not_done",
			    "the login has run out and nothing was done");
	else
		serve_error(app, req, resp, 401, error == NULL ? "unauthorized" : error,
			    description);
}

void
access_refuse(struct app *app, const struct request *req, struct response *resp,
	      enum access found, bool redirect)
{
	static const char malformed[] = "more than one access token, or a malformed one";
	static const char kind[] = "a token of this kind does not open this";

	switch (found) {
	case ACCESS_NONE:
		ask_for_token(app, req, resp, redirect, NULL,
			      "an access token is needed");
		break;
	case ACCESS_INVALID:
		ask_for_token(app, req, resp, redirect, "invalid_token",
			      "the access token is not valid, or no longer");
		break;
	case ACCESS_BAD:
		authenticate_bearer(resp, app->config->site_name, "invalid_request",
				    malformed);
		serve_error(app, req, resp, 400, "invalid_request", malformed);
		break;
	case ACCESS_KIND:
		authenticate_bearer(resp, app->config->site_name, "insufficient_scope",
				    kind);
		serve_error(app, req, resp, 403, "insufficient_scope", kind);
		break;
	case ACCESS_CROSS_SITE:
		answer_origin(app, req, resp, ORIGIN_FOREIGN);
		break;
	case ACCESS_UNSAID:
		answer_origin(app, req, resp, ORIGIN_UNSAID);
		break;
	default:
		serve_error(app, req, resp, 503, "temporarily_unavailable",
			    "the access token cannot be checked at the moment");
	}
}

/* Which tokens a program accepts. */
enum takes {
	TAKES_SIGNED_IN, /* those that count as signed in */
	TAKES_FORMS,     /* those of logins: a form is bound to a session */
	TAKES_BROWSERS   /* those of logins, in the cookie */
};

static enum access
judge_kind(const struct request *req, enum takes takes, bool by_cookie,
	   struct identity *who)
{
	enum access access = ACCESS_GRANTED;

	if ((takes != TAKES_SIGNED_IN && who->kind != IDENTITY_LOGIN) ||
	    (takes == TAKES_BROWSERS && !by_cookie))
		access = ACCESS_INVALID;
	else if (!identity_is_signed_in(who))
		access = ACCESS_KIND;
	if (access != ACCESS_GRANTED) {
		LOG(LOG_INFO, "token_refused", { "why", STR("kind") },
		    { "kind", str_of(identity_kind_text(who->kind)) },
		    { "address", req->remote_address });
		identity_done(who);
	}
	return access;
}

static bool
require(struct app *app, const struct request *req, struct response *resp,
	enum takes takes, struct identity *who)
{
	bool by_cookie;
	enum access access = check(app, req, takes != TAKES_SIGNED_IN, who, &by_cookie);

	if (access == ACCESS_GRANTED)
		access = judge_kind(req, takes, by_cookie, who);
	if (access == ACCESS_GRANTED)
		return !(by_cookie && access_renew(app, req, resp, who));
	access_refuse(app, req, resp, access, true);
	return false;
}

bool
access_require(struct app *app, const struct request *req, struct response *resp,
	       struct identity *who)
{
	return require(app, req, resp, TAKES_SIGNED_IN, who);
}

bool
access_require_form(struct app *app, const struct request *req, struct response *resp,
		    struct identity *who)
{
	return require(app, req, resp, TAKES_FORMS, who);
}

bool
access_require_browser(struct app *app, const struct request *req, struct response *resp,
		       struct identity *who)
{
	return require(app, req, resp, TAKES_BROWSERS, who);
}
