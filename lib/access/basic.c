#include "access/basic.h"

#include "access/access_parts.h"
#include "base/base64url.h"
#include "base/log.h"
#include "config/config.h"
#include "http/authenticate.h"
#include "http/credential.h"
#include "serve/serve.h"

#define BASIC_MAX 16384 /* characters after the name of the scheme */

/* The header without the name of the scheme. False if it is of another scheme. */
static bool
cut_scheme(const struct request *req, struct str *rest)
{
	struct str value = request_env(req, "HTTP_AUTHORIZATION");
	const struct str scheme = STR("Basic");

	if (value.n == 0)
		value = request_env(req, "REDIRECT_HTTP_AUTHORIZATION");
	value = str_trim(value);
	if (!str_eq_nocase(str_sub(value, 0, scheme.n), scheme))
		return false;
	*rest = str_sub(value, scheme.n, value.n);
	return rest->n == 0 || rest->p[0] == ' ' || rest->p[0] == '\t';
}

bool
basic_is_shown(const struct request *req)
{
	struct str rest;

	return cut_scheme(req, &rest);
}

/* Base64 with its usual alphabet (RFC 4648, 4), with or without padding. */
static bool
decode(struct str coded, struct buf *out)
{
	struct buf other;
	bool good = coded.n <= BASIC_MAX;

	if (coded.n % 4 == 0 && str_ends_with(coded, STR("==")))
		coded.n -= 2;
	else if (coded.n % 4 == 0 && str_ends_with(coded, STR("=")))
		coded.n--;
	buf_init(&other, BASIC_MAX);
	for (size_t i = 0; good && i < coded.n; i++) {
		char c = coded.p[i];

		good = c != '-' && c != '_';
		buf_addc(&other, c == '+' ? '-' : c == '/' ? '_' : c);
	}
	good = good && !other.failed && base64url_decode(out, buf_str(&other));
	buf_done(&other);
	return good;
}

bool
basic_read(const struct request *req, struct buf *bytes)
{
	struct str coded;

	return cut_scheme(req, &coded) && decode(str_trim(coded), bytes);
}

/* ---- who ---- */

static bool
is_theirs(const struct identity *who, struct str name)
{
	return who->kind == IDENTITY_PROGRAM && name.n > 0 &&
	       str_eq(name, who->claims->preferred_username);
}

static enum access
refuse(const struct request *req, const char *why, struct identity *who)
{
	LOG(LOG_INFO, "basic_refused", { "why", str_of(why) },
	    { "address", req->remote_address });
	identity_done(who);
	return ACCESS_INVALID;
}

static enum access
judge(struct app *app, const struct request *req, struct str name, struct str password,
      struct identity *who)
{
	enum access access;

	if (!credential_is_b64token(password))
		return refuse(req, "the password is no token", who);
	access = access_judge_token(app, req, password, who);
	if (access == ACCESS_GRANTED && !is_theirs(who, name))
		return refuse(req, "not a program's token, or of another name", who);
	who->by_basic = access == ACCESS_GRANTED;
	return access;
}

static enum access
judge_origin(const struct app *app, const struct request *req, struct identity *who)
{
	enum origin said = access_origin(app->config, req);

	if (request_is_safe(req) || said == ORIGIN_OWN || said == ORIGIN_UNSAID)
		return ACCESS_GRANTED;
	origin_log(req, who->name);
	identity_done(who);
	return ACCESS_CROSS_SITE;
}

enum access
basic_check(struct app *app, const struct request *req, struct identity *who)
{
	struct str password, name;
	enum access access;
	struct buf bytes;

	if (!basic_is_shown(req))
		return ACCESS_NONE;
	if (access_has_token(app->config, req))
		return ACCESS_BAD;
	buf_init(&bytes, BASIC_MAX);
	if (basic_read(req, &bytes)) {
		password = buf_str(&bytes);
		name = str_cut(&password, ':');
		access = judge(app, req, name, password, who);
	} else {
		access = refuse(req, "malformed", who);
	}
	if (access == ACCESS_GRANTED)
		access = judge_origin(app, req, who);
	buf_done(&bytes); /* wipes */
	return access;
}

/* ---- the challenge ---- */

static bool
wants_html(struct str accept)
{
	while (accept.n > 0) {
		struct str range = str_cut(&accept, ',');

		if (str_eq_nocase(str_trim(str_cut(&range, ';')), STR("text/html")))
			return true;
	}
	return false;
}

bool
basic_may_be_asked(const struct request *req)
{
	static const char *const browsers[] = { "HTTP_SEC_FETCH_SITE",
						"HTTP_SEC_FETCH_MODE",
						"HTTP_SEC_FETCH_DEST",
						"HTTP_SEC_FETCH_USER" };

	for (size_t i = 0; i < sizeof(browsers) / sizeof(*browsers); i++)
		if (request_count(req, browsers[i]) > 0)
			return false;
	return !wants_html(request_env(req, "HTTP_ACCEPT"));
}

void
basic_ask(struct app *app, const struct request *req, struct response *resp)
{
	struct buf value;

	buf_init(&value, 1024);
	buf_addz(&value, "Basic realm=\"");
	authenticate_quote(&value, str_of(app->config->site_name));
	buf_addz(&value, "\", charset=\"UTF-8\"");
	resp->failed = resp->failed || value.failed;
	response_header(resp, "WWW-Authenticate", buf_str(&value));
	buf_done(&value);
	serve_error(app, req, resp, 401, "unauthorized",
		    "a user name and, as the password, a program's token are needed");
}
