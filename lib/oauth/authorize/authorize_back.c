/* The way back to the client (RFC 6749, 4.1.2; RFC 9207). */
#include "access/client.h"
#include "base/log.h"
#include "base/text.h"
#include "config/config.h"
#include "http/response.h"
#include "oauth/authorize/authorize_parts.h"
#include "serve/serve.h"

struct str
authorize_redirect_uri(const struct authorize *a)
{
	return a->asked.value[ASKED_REDIRECT_URI];
}

/* Append one parameter: `mark` is '?' for the first one. Empty: it is left out. */
static void
put(struct buf *out, char *mark, const char *name, struct str value)
{
	if (value.n == 0)
		return;
	if (*mark != '\0')
		buf_addc(out, *mark);
	buf_addz(out, name);
	buf_addc(out, '=');
	text_add_percent(out, value, "/:");
	*mark = '&';
}

/* A query that the redirect URI has stays. */
static char
first_mark(struct str uri)
{
	if (str_index(uri, '?') == uri.n)
		return '?';
	return uri.p[uri.n - 1] == '?' || uri.p[uri.n - 1] == '&' ? '\0' : '&';
}

static bool
make_location(const struct authorize *a, struct str code, const struct refusal *refusal,
	      struct str state, struct buf *out)
{
	struct str uri = authorize_redirect_uri(a);
	char mark = first_mark(uri);

	buf_add(out, uri);
	if (refusal == NULL) {
		put(out, &mark, "code", code);
	} else {
		put(out, &mark, "error", str_of(refusal->error));
		put(out, &mark, "error_description", str_of(refusal->description));
	}
	put(out, &mark, "state", state);
	put(out, &mark, "iss", str_of(a->app->config->issuer));
	return !out->failed;
}

bool
authorize_code_fits(const struct authorize *a, struct str code)
{
	struct buf location;
	bool fits;

	buf_init(&location, AUTHORIZE_LOCATION_MAX);
	fits = make_location(a, code, NULL, a->asked.value[ASKED_STATE], &location);
	buf_done(&location);
	return fits;
}

static void
send(struct authorize *a, struct str code, const struct refusal *refusal)
{
	struct str state = a->asked.value[ASKED_STATE];
	struct refusal too_long;
	struct buf location;

	buf_init(&location, AUTHORIZE_LOCATION_MAX);
	if (!make_location(a, code, refusal, state, &location)) {
		refusal_set(&too_long, "invalid_request",
			    "state is too long to be sent back");
		buf_clear(&location);
		make_location(a, STR(""), &too_long, STR(""), &location);
	}
	response_see_other(a->res, buf_str(&location));
	buf_done(&location);
}

void
authorize_send_error(struct authorize *a, const struct refusal *refusal)
{
	LOG(LOG_INFO, "oauth_refused", { "client", a->look.client.id },
	    { "error", str_of(refusal->error) }, { "why", str_of(refusal->description) },
	    { "address", client_address(a->app, a->req) });
	send(a, STR(""), refusal);
}

void
authorize_send_code(struct authorize *a, struct str code)
{
	send(a, code, NULL);
}

void
authorize_unavailable(struct authorize *a, enum err e, const struct why *why)
{
	LOG(LOG_ERROR, "oauth_unavailable", { "error", str_of(err_text(e)) },
	    { "why", str_of(why->text) });
	serve_unavailable(a->app, a->req, a->res, e);
}
