#include "admin/mailtest/mailtest.h"

#include "access/client.h"
#include "access/urls.h"
#include "base/log.h"
#include "config/config.h"
#include "config/places.h"
#include "page/page_power.h"
#include "serve/power_database.h"
#include "store/admin/admin_mail.h"

/* What the page says about the last one. */
static const char *
phrase_of(enum admin_mail_state state)
{
	static const char *const phrases[] = {
		[ADMIN_MAIL_NONE] = NULL,
		[ADMIN_MAIL_WAITING] = "admin_mail.waiting",
		[ADMIN_MAIL_LATE] = "admin_mail.late",
		[ADMIN_MAIL_FAILING] = "admin_mail.failing",
		[ADMIN_MAIL_GIVEN_UP] = "admin_mail.given_up",
		[ADMIN_MAIL_SENT] = "admin_mail.sent",
	};

	return phrases[state];
}

static bool
is_bad(enum admin_mail_state state)
{
	return state == ADMIN_MAIL_LATE || state == ADMIN_MAIL_FAILING ||
	       state == ADMIN_MAIL_GIVEN_UP;
}

/* If the site sends no mail, the lines that the settings lack, and nothing else. */
static void
add_values(struct page *page, const struct config *c, const struct admin_mail *mail,
	   struct moment *since)
{
	bool off = !config_has_mail(c);
	bool asks = !off && mail->address[0] != '\0';
	const char *phrase = asks ? phrase_of(mail->state) : NULL;

	page_flag(page, "off", off);
	page_flag(page, "no_key", c->mail_key == NULL);
	page_flag(page, "no_server", c->mail_server == NULL);
	page_flag(page, "no_from", c->mail_from == NULL);
	page_flag(page, "no_address", !off && !asks);
	page_text(page, "address", asks ? str_of(mail->address) : STR(""));
	page_flag(page, "unverified", asks && !mail->verified);
	page_text(page, "command", str_of(places_command));
	page_flag(page, "late", asks && mail->state == ADMIN_MAIL_LATE);
	page_phrase(page, "problem", is_bad(mail->state) ? phrase : NULL);
	page_phrase(page, "news", is_bad(mail->state) ? NULL : phrase);
	page_text(page, "failure", asks ? str_of(mail->failure) : STR(""));
	page_time(page, "since", mail->since, since);
}

static void
send(struct app *app, const struct request *req, struct response *res,
     const struct visit *v, const struct admin_mail *mail)
{
	struct admin_frame frame;
	struct moment since;
	struct why why = { "" };
	enum err e;

	if ((e = admin_page(app, req, v, "admin_mail", &frame)) == ERR_OK) {
		add_values(&frame.page, app->config, mail, &since);
		page_send(&frame.page, 200, res);
	} else {
		admin_unavailable(app, req, res, e, &why);
	}
	admin_frame_done(&frame);
}

void
mailtest_show(struct app *app, const struct request *req, struct response *res,
	      const struct visit *visit)
{
	enum admin_refusal refusal = ADMIN_NO_SESSION;
	struct admin_mail mail;
	struct why why = { "" };
	enum err e = admin_mail_find(app_db(app), visit->who.claims->sid, &mail, &refusal,
				     &why);

	if (e != ERR_OK)
		admin_unavailable(app, req, res, e, &why);
	else if (refusal != ADMIN_GRANTED)
		admin_refused(app, req, res, refusal);
	else
		send(app, req, res, visit, &mail);
}

void
mailtest_post(struct app *app, const struct request *req, struct response *res,
	      const struct visit *visit)
{
	enum admin_refusal refusal = ADMIN_NO_SESSION;
	char tag[PAGE_LANGUAGE_SIZE];
	struct why why = { "" };
	enum err e = ERR_OK;

	if (!config_has_mail(app->config)) { /* the page says what is missing */
		response_see_other(res, STR(URL_ADMIN_MAIL));
		return;
	}
	e = admin_mail_send(app_db(app), visit->who.claims->sid,
			    app_page_language(app, req, tag), &refusal, &why);
	if (e != ERR_OK) {
		admin_unavailable(app, req, res, e, &why);
	} else if (refusal != ADMIN_GRANTED) {
		admin_refused(app, req, res, refusal);
	} else {
		LOG(LOG_INFO, "mail_test", { "user", visit->who.name },
		    { "address", client_address(app, req) });
		response_see_other(res, STR(URL_ADMIN_MAIL));
	}
}
