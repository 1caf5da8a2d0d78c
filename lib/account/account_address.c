/* GET and POST /account/address: another e-mail address, which a mailed link proves. */
#include "account/account.h"

#include "access/urls.h"
#include "base/log.h"
#include "config/config.h"
#include "mail/mail_address.h"
#include "page/page_power.h"
#include "page/phrases.h"
#include "serve/power_database.h"
#include "serve/serve.h"

/* What is wrong with the form. phrase NULL: nothing. */
struct problem {
	int status;
	const char *phrase;
	struct str mail; /* what was typed */
	int64_t wait;
};

static void
send(struct app *app, const struct request *req, struct response *res,
     const struct visit *v, const struct problem *p)
{
	struct counted_phrase wait = phrases_wait(p->wait);
	const struct account *a = account_of(v);
	struct why why = { "" };
	struct page page;
	struct buf token;
	enum err e;

	buf_init(&token, 256);
	if ((e = account_page(app, req, v, "address", &token, &page)) == ERR_OK) {
		page_phrase(&page, "problem", p->phrase);
		page_flag(&page, "invalid", p->status == 422);
		page_text(&page, "mail", p->mail);
		page_text(&page, "address", str_of(a->address));
		page_text(&page, "wanted", str_of(a->address_wanted));
		page_phrase(&page, "wait", wait.phrase);
		page_text(&page, "count", str_of(wait.count));
		page_send(&page, p->status, res);
	} else {
		account_unavailable(app, req, res, e, &why);
	}
	buf_done(&token);
}

bool
account_has_mail(struct app *app, const struct request *req, struct response *res,
		 struct visit *visit)
{
	if (!account_owner(app, req, res, visit))
		return false;
	if (config_has_mail(app->config))
		return true;
	serve_error(app, req, res, 404, "not_found",
		    "this site sends no mail, so no address can be proved");
	return false;
}

void
account_address_show(struct app *app, const struct request *req, struct response *res,
		     const struct visit *v)
{
	struct problem none = { .status = 200 };

	if (!account_of(v)->address_verified)
		none.mail = str_of(account_of(v)->address);
	send(app, req, res, v, &none);
}

static void
answer(struct app *app, const struct request *req, struct response *res,
       const struct visit *v, enum profiles_asked asked, struct problem *p)
{
	switch (asked) {
	case PROFILES_SENT:
		response_see_other(res, STR(URL_ACCOUNT "?done=address"));
		break;
	case PROFILES_SAME:
		*p = (struct problem){ 422, "address.same", p->mail, 0 };
		send(app, req, res, v, p);
		break;
	case PROFILES_WAIT:
		*p = (struct problem){ 429, "address.wait", p->mail, p->wait };
		serve_retry_after(res, p->wait);
		send(app, req, res, v, p);
		break;
	default:
		account_over(app, req, res);
	}
}

void
account_address_post(struct app *app, const struct request *req, struct response *res,
		     const struct visit *v)
{
	const struct profiles_who who = account_who(app, req, v);
	struct problem p = { 422, "address.invalid", .wait = 0 };
	enum profiles_asked asked = PROFILES_GONE;
	struct why why = { "" };
	enum err e;

	form_find(v->form, "mail", &p.mail);
	p.mail = str_trim(p.mail);
	if (!mail_address_is_valid(p.mail)) {
		send(app, req, res, v, &p);
		return;
	}
	e = profiles_address(app_db(app), &who, p.mail, &asked, &p.wait, &why);
	if (e != ERR_OK) {
		account_unavailable(app, req, res, e, &why);
		return;
	}
	LOG(asked == PROFILES_WAIT ? LOG_WARN : LOG_INFO, "address_asked",
	    { "user", v->who.name }, { "address", who.address });
	answer(app, req, res, v, asked, &p);
}
