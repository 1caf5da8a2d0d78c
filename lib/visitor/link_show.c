#include "visitor/visitor.h"

#include "access/client.h"
#include "access/csrf.h"
#include "access/urls.h"
#include "base/log.h"
#include "serve/power_session.h"
#include "visitor/link_form.h"

/*
 * An address with ?token= must not appear in a Referer, neither of the page's
 * stylesheet nor of a click. Such a page has no form, because browsers would then send
 * no origin with it.
 */
bool
link_visitor(struct app *app, const struct request *req, struct response *res,
	     struct visit *visit)
{
	(void)app;
	(void)visit;
	if (req->query.n > 0)
		response_headerz(res, "Referrer-Policy", "no-referrer");
	return true;
}

/* The answer for a link that is not good. */
static void
refuse(struct app *app, const struct request *req, struct response *res,
       const struct link_shown *shown)
{
	const struct note note = link_words_refused(app, shown);

	note_send(app, req, res, &note);
}

static void
arrive(struct app *app, const struct request *req, struct response *res, struct str text)
{
	struct link_shown shown;
	struct why why = { "" };
	enum err e = link_shown_read(app, text, &shown, &why);

	if (e != ERR_OK) {
		note_unavailable(app, req, res, e, &why);
	} else if (shown.state != LINK_SHOWN_GOOD) {
		refuse(app, req, res, &shown);
	} else {
		link_shown_keep(app, res, text);
		response_see_other(res, STR(URL_ACCOUNT_LINK));
	}
}

/* The form for the link in the cookie, or the reason why there is none. */
static void
show(struct app *app, const struct request *req, struct response *res,
     const struct link_form *form)
{
	struct str text = link_shown_cookie(app, req);
	struct link_shown shown = { .state = LINK_SHOWN_NONE };
	struct why why = { "" };
	enum err e = text.n == 0 ? ERR_OK : link_shown_read(app, text, &shown, &why);

	if (e != ERR_OK)
		note_unavailable(app, req, res, e, &why);
	else if (shown.state == LINK_SHOWN_GOOD)
		link_form_send(app, req, res, &shown, text, form);
	else
		refuse(app, req, res, &shown);
}

void
link_show(struct app *app, const struct request *req, struct response *res,
	  const struct visit *visit)
{
	const struct link_form form = { .status = 200 };
	struct str token, done;
	struct note note;

	if (form_find(visit->form, "token", &token) == FORM_ONE)
		arrive(app, req, res, token);
	else if (form_find(visit->form, "done", &done) == FORM_ONE &&
		 link_words_done(done, &note))
		note_send(app, req, res, &note);
	else
		show(app, req, res, &form);
}

/* Another link may have been opened since. Then its form is shown. */
bool
link_form_token(struct app *app, const struct request *req, struct response *res,
		struct visit *visit)
{
	const struct link_form again = { .status = 403, .problem = "link.stale" };
	struct str text = link_shown_cookie(app, req);
	struct str token;

	form_find(visit->form, "form_token", &token);
	if (csrf_check(app_secret(app), LINK_FORM_PURPOSE, text, app->now, token) ==
	    VERDICT_ALLOW)
		return true;
	LOG(LOG_WARN, "form_refused",
	    { "reason", text.n == 0 ? STR("cookie") : STR("token") },
	    { "address", client_address(app, req) });
	show(app, req, res, &again);
	return false;
}
