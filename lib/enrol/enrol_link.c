/*
 * Links of kind factor. Whoever knows only the password must not set up a factor of their
 * own, so the first one of a user with a verified address needs such a link.
 *
 * Opening a link changes nothing, because mail programs open links, too. It goes into a
 * cookie, and the button of the page uses it up.
 */
#include "access/client.h"
#include "access/urls.h"
#include "base/log.h"
#include "config/config.h"
#include "crypto/secret.h"
#include "enrol/enrol_parts.h"
#include "entry/login_cookies.h"
#include "login/login_mfa.h"
#include "page/page_power.h"
#include "serve/power_database.h"
#include "serve/power_links.h"
#include "store/factor/flows.h"
#include "ticket/ticket_fields.h"
#include "worker/worker.h"

#define COOKIE_LIFE 600
#define FLOW_LIFE 600

static const struct enrol_note gone = { .status = 410,
					.heading = "factor.link_gone",
					.lead = "factor.link_gone_lead",
					.next = "factor.link_gone_next",
					.target = URL_LOGIN,
					.button = "factor.sign_in",
					.plain = true };

struct cookie
enrol_cookie_link(const struct config *config)
{
	return (struct cookie){ .name = "doorward-factor-link",
				.path = URL_LOGIN_FACTOR,
				.plain_http = config->plain_http };
}

enum err
enrol_link_read(struct app *app, struct str text, char id[UUID_SIZE], bool *good)
{
	unsigned char fields[TICKET_FIELDS_MAX];
	struct str key = app_mail_key(app);
	enum err e;

	*good = false;
	if (key.n < TICKET_KEY_MIN)
		return ERR_OK;
	e = ticket_check(TICKET_FACTOR, key, STR(""), app->now, text, fields, good);
	if (*good)
		ticket_get_uuid(fields, id);
	return e;
}

void
enrol_link_arrive(struct app *app, const struct request *req, struct response *res,
		  struct str text, struct str return_to)
{
	struct cookie c = enrol_cookie_link(app->config);
	const struct enrol nobody = { .return_to = return_to };
	struct why why = { "a link could not be read" };
	char id[UUID_SIZE];
	bool good;
	enum err e = enrol_link_read(app, text, id, &good);

	if (e != ERR_OK) {
		enrol_unavailable(app, req, res, e, &why);
	} else if (!good) {
		enrol_note(app, req, res, &nobody, &gone);
	} else {
		cookie_put(res, &c, text, COOKIE_LIFE);
		login_mfa_lead(res, URL_LOGIN_FACTOR, return_to);
	}
}

void
enrol_link_use(struct app *app, const struct request *req, struct response *res,
	       const struct enrol *e)
{
	struct cookie link = enrol_cookie_link(app->config);
	struct cookie flow = login_cookie_flow(app->config);
	unsigned char hash[SHA256_SIZE];
	char ticket[TICKET_SIZE];
	struct why why = { "no ticket for a set-up" };
	bool kept = false;
	enum err err = ticket_new(TICKET_FLOW, ticket);

	if (err == ERR_OK && !ticket_hash(TICKET_FLOW, str_of(ticket), hash))
		err = ERR_CRYPTO;
	if (err == ERR_OK)
		err = flows_by_link(app_db(app), str_of(e->link),
				    (struct str){ (const char *)hash, SHA256_SIZE },
				    client_address(app, req), &kept, &why);
	if (err == ERR_OK)
		LOG(kept ? LOG_INFO : LOG_WARN, kept ? "link_used" : "link_refused",
		    { "kind", STR("factor") }, { "address", client_address(app, req) });
	if (err != ERR_OK) {
		enrol_unavailable(app, req, res, err, &why);
	} else if (!kept) {
		cookie_drop(res, &link);
		enrol_note(app, req, res, e, &gone);
	} else {
		cookie_drop(res, &link);
		cookie_put(res, &flow, str_of(ticket), FLOW_LIFE);
		login_mfa_lead(res, URL_LOGIN_FACTOR, e->return_to);
	}
	secret_wipe(ticket, sizeof(ticket));
}

void
enrol_link_mail(struct app *app, const struct request *req, struct response *res,
		const struct enrol *e)
{
	enum flows_link outcome = FLOWS_LINK_OVER;
	struct why why = { "" };
	char tag[PAGE_LANGUAGE_SIZE];
	enum err err;

	if (e->kind != ENROL_FLOW || !e->needs_link) {
		login_mfa_lead(res, URL_LOGIN_FACTOR, e->return_to);
		return;
	}
	err = flows_link(app_db(app), e->by.flow, app_page_language(app, req, tag),
			 e->by.who.address, &outcome, &why);
	if (err != ERR_OK) {
		enrol_unavailable(app, req, res, err, &why);
		return;
	}
	LOG(LOG_INFO, "factor_link",
	    { "sent", outcome == FLOWS_LINK_SENT ? STR("yes") : STR("no") },
	    { "sub", str_of(e->user) }, { "address", e->by.who.address });
	if (outcome == FLOWS_LINK_SENT) {
		worker_wake(app);
		login_mfa_lead(res, URL_LOGIN_FACTOR "?done=mailed", e->return_to);
	} else if (outcome == FLOWS_LINK_TOO_MANY) {
		enrol_page(app, req, res, e, 429, "factor.link_too_many");
	} else if (outcome == FLOWS_LINK_OVER) {
		login_mfa_over(app, res, e->return_to);
	} else {
		login_mfa_lead(res, URL_LOGIN_FACTOR, e->return_to);
	}
}
