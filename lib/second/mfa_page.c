#include "second/mfa_page.h"

#include <stdio.h>

#include "access/csrf.h"
#include "config/config.h"
#include "entry/login_asker.h"
#include "entry/login_passkey.h"
#include "mfa/mfa.h"
#include "page/page.h"
#include "page/page_power.h"
#include "page/phrases.h"
#include "page/visitor_form.h"
#include "serve/power_session.h"
#include "serve/serve.h"

#define OPTIONS_MAX 65536 /* of passkeys: 20 ids of 1,023 bytes fit */
#define HOUR INT64_C(3600)
#define DAY (24 * HOUR)

/* For how long a browser would be remembered. No phrase: that is not offered. */
static struct counted_phrase
remember_phrase(const struct config *config)
{
	int64_t seconds = config->factor_remember;
	struct counted_phrase p = { .phrase = NULL };

	if (seconds == 0)
		return p;
	p.phrase = seconds < 2 * DAY ? "mfa.remember_hours" : "mfa.remember_days";
	snprintf(p.count, sizeof(p.count), "%lld",
		 (long long)(seconds < 2 * DAY ? seconds / HOUR : seconds / DAY));
	return p;
}

/* Which fields the page has, and which of them has the focus. */
static void
put_fields(struct page *page, const struct mfa_page *p)
{
	bool totp = (p->ways & FACTORS_TOTP) != 0,
	     recovery = (p->ways & FACTORS_RECOVERY) != 0;
	bool only = recovery && !totp && p->ways == FACTORS_RECOVERY;

	page_flag(page, "totp", totp);
	page_flag(page, "recovery", recovery);
	page_flag(page, "by_code", totp || recovery);
	page_flag(page, "code_invalid", p->code_wrong);
	page_flag(page, "recovery_invalid", p->recovery_wrong);
	page_flag(page, "recovery_open", only || p->recovery_wrong);
	page_flag(page, "focus_recovery", only || p->recovery_wrong);
}

static void
send(struct app *app, const struct request *req, struct response *res,
     const struct mfa_page *p, const struct request_origin *asker, struct str token,
     struct str options)
{
	struct counted_phrase wait = phrases_wait(p->wait);
	struct counted_phrase remember = remember_phrase(app->config);
	const struct template_field offer[] = {
		{ "offer", TEMPLATE_PHRASE, .text = str_of(remember.phrase) },
		{ "count", TEMPLATE_TEXT, .text = str_of(remember.count) },
	};
	const struct template_scope offers = { offer, sizeof(offer) / sizeof(*offer) };
	bool is_offered = !p->step && remember.phrase != NULL;
	struct page page;

	app_page(app, req, "mfa", &page);
	page_leads_to(&page, str_of(asker->leads_to));
	page_text(&page, "asker", str_of(asker->client_name));
	page_text(&page, "form_token", token);
	page_text(&page, "return_to", p->return_to);
	page_text(&page, "need", p->need);
	page_text(&page, "username", p->username);
	page_phrase(&page, "lead", p->step ? "mfa.signed_in" : "mfa.signing_in");
	page_flag(&page, "signing_in", !p->step);
	page_phrase(&page, "problem", p->problem);
	page_phrase(&page, "wait", wait.phrase);
	page_text(&page, "count", str_of(wait.count));
	page_list(&page, "remember_offer", &offers, is_offered ? 1 : 0);
	page_flag(&page, "remember_device", p->remember_device);
	page_text(&page, "passkey_options", options);
	put_fields(&page, p);
	page_send(&page, p->status, res);
}

/* What the script asks a passkey of the user for. Nothing: the user has none here. */
static enum err
add_options(struct app *app, const struct request *req, struct response *res,
	    const struct mfa_page *page, struct buf *options)
{
	struct buf bound;
	enum err e;

	if ((page->ways & FACTORS_PASSKEY) == 0 || !login_has_passkeys(app))
		return ERR_OK;
	buf_init(&bound, 256);
	e = visitor_form_binding(app, req, res, &bound);
	if (e == ERR_OK)
		e = login_passkey_options(app, res, buf_str(&bound), page->user, options);
	buf_done(&bound);
	return e;
}

void
mfa_page_send(struct app *app, const struct request *req, struct response *res,
	      const struct mfa_page *page)
{
	struct request_origin asker;
	struct buf token, options;
	enum err e;

	buf_init(&token, 256);
	buf_init(&options, OPTIONS_MAX);
	e = login_asker_find(app, req, page->return_to, &asker);
	if (e == ERR_OK)
		e = csrf_issue(app_secret(app), MFA_FORM_PURPOSE, page->binding, app->now,
			       &token);
	if (e == ERR_OK)
		e = add_options(app, req, res, page, &options);
	if (e == ERR_OK)
		send(app, req, res, page, &asker, buf_str(&token), buf_str(&options));
	else
		serve_unavailable(app, req, res, e);
	buf_done(&token);
	buf_done(&options);
}
