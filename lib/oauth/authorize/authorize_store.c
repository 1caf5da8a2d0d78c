/* Requests that wait while a person logs in or is asked. */
#include <stdio.h>
#include <string.h>

#include "access/client.h"
#include "base/log.h"
#include "base/text.h"
#include "client/client_redirect.h"
#include "crypto/random.h"
#include "http/cookie.h"
#include "http/response.h"
#include "oauth/authorize/authorize_parts.h"
#include "page/page_power.h"
#include "serve/power_database.h"
#include "serve/serve.h"

#define RETRY_SECONDS 60

/* A random UUID (RFC 9562, 5.4). */
static enum err
make_id(char id[AUTHORIZE_ID_SIZE])
{
	unsigned char b[16];
	enum err e = random_bytes(b, sizeof(b));
	struct buf hex;

	b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
	b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
	buf_init(&hex, 2 * sizeof(b));
	if (e == ERR_OK && !text_add_hex(&hex, (struct str){ (char *)b, sizeof(b) }))
		e = ERR_MEMORY;
	if (e == ERR_OK)
		snprintf(id, AUTHORIZE_ID_SIZE, "%.8s-%.4s-%.4s-%.4s-%.12s", hex.p,
			 hex.p + 8, hex.p + 12, hex.p + 16, hex.p + 20);
	buf_done(&hex);
	return e;
}

/* The browser's cookie, or a new one for a browser that has none. */
static enum err
bind_browser(struct authorize *a)
{
	struct cookie c = asking_cookie(a->app->config);
	bool found;
	enum err e = asking_browser(a->app, a->req, a->browser, &found);
	struct buf value;

	if (e != ERR_OK || found)
		return e;
	buf_init(&value, 64);
	if ((e = asking_new(&value)) == ERR_OK &&
	    (e = asking_hash(buf_str(&value), a->browser, &found)) == ERR_OK)
		cookie_put(a->res, &c, buf_str(&value), -1);
	buf_done(&value);
	return e;
}

static enum err
put(struct authorize *a, enum oauth_put *outcome, struct why *why)
{
	struct oauth_request_new r = {
		.id = str_of(a->id),
		.browser = { (char *)a->browser, sizeof(a->browser) },
		.client = a->look.client.id,
		.query = a->req->query,
		.login_hint = a->wish.login_hint,
		.address = client_address(a->app, a->req),
	};
	struct buf leads_to;
	enum err e = ERR_MEMORY;

	buf_init(&leads_to, CLIENT_REDIRECT_SOURCE);
	if (client_redirect_origin(authorize_redirect_uri(a), &leads_to)) {
		r.leads_to = buf_str(&leads_to);
		e = oauth_request_put(app_db(a->app), &r, outcome, why);
	}
	buf_done(&leads_to);
	return e;
}

static void
answer_full(struct authorize *a)
{
	LOG(LOG_WARN, "oauth_full", { "address", client_address(a->app, a->req) });
	serve_retry_after(a->res, RETRY_SECONDS);
	app_page_error(a->app, a->req, 429, "oauth_full", a->res);
}

bool
authorize_store(struct authorize *a)
{
	struct why why = { "" };
	enum oauth_put outcome = OAUTH_PUT_GONE;
	enum err e;

	if (a->id[0] != '\0')
		return true;
	if ((e = make_id(a->id)) == ERR_OK && (e = bind_browser(a)) == ERR_OK)
		e = put(a, &outcome, &why);
	if (e == ERR_OK && outcome == OAUTH_PUT_OK)
		return true;
	a->id[0] = '\0';
	if (e != ERR_OK)
		authorize_unavailable(a, e, &why);
	else if (outcome == OAUTH_PUT_FULL)
		answer_full(a);
	else
		authorize_page_mistake(a, MISTAKE_CLIENT_UNKNOWN);
	return false;
}
