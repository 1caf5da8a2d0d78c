#include "second/mfa_page.h"

#include <stdio.h>

#include "access/csrf.h"
#include "config/config.h"
#include "mfa/mfa.h"
#include "page/page.h"
#include "page/page_power.h"
#include "page/phrases.h"
#include "serve/power_session.h"
#include "serve/serve.h"

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
	p.phrase = seconds < 2 * HOUR  ? "mfa.remember_hour"
		   : seconds < 2 * DAY ? "mfa.remember_hours"
				       : "mfa.remember_days";
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
	bool only = recovery && (p->ways & ~(unsigned)FACTORS_RECOVERY) == 0;

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
     const struct mfa_page *p, struct str token)
{
	struct counted_phrase wait = phrases_wait(p->wait);
	struct counted_phrase remember = remember_phrase(app->config);
	struct page page;

	app_page(app, req, "mfa", &page);
	page_text(&page, "form_token", token);
	page_text(&page, "return_to", p->return_to);
	page_text(&page, "need", p->need);
	page_text(&page, "username", p->username);
	page_phrase(&page, "lead", p->step ? "mfa.signed_in" : "mfa.signing_in");
	page_flag(&page, "signing_in", !p->step);
	page_phrase(&page, "problem", p->problem);
	page_phrase(&page, "wait", wait.phrase);
	page_text(&page, "count", str_of(wait.count));
	page_phrase(&page, "remember_offer", p->step ? NULL : remember.phrase);
	page_text(&page, "remember_count", str_of(remember.count));
	page_flag(&page, "remember_device", p->remember_device);
	put_fields(&page, p);
	page_send(&page, p->status, res);
}

void
mfa_page_send(struct app *app, const struct request *req, struct response *res,
	      const struct mfa_page *page)
{
	struct buf token;
	enum err e;

	buf_init(&token, 256);
	e = csrf_issue(app_secret(app), MFA_FORM_PURPOSE, page->binding, app->now,
		       &token);
	if (e == ERR_OK)
		send(app, req, res, page, buf_str(&token));
	else
		serve_unavailable(app, req, res, e);
	buf_done(&token);
}
