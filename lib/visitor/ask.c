#include "visitor/ask.h"

#include "access/client.h"
#include "base/log.h"
#include "mail/mail_request.h"
#include "page/page_power.h"
#include "serve/power_database.h"
#include "serve/power_links.h"
#include "serve/serve.h"
#include "store/mail.h"

_Static_assert(ASK_MAX == MAIL_REQUEST_TYPED, "what is typed can be sealed");

static enum err
keep(struct app *app, const struct request *req, const char *request,
     struct ask_form *form, struct str address, struct why *why)
{
	struct str language;
	struct buf sealed;
	char tag[PAGE_LANGUAGE_SIZE];
	enum err e;

	language = app_page_language(app, req, tag);
	buf_init(&sealed, MAIL_REQUEST_SEALED);
	e = mail_request_seal(app_mail_key(app), request, language, form->typed, &sealed);
	if (e == ERR_OK)
		e = mail_request_add(app_db(app), request, language, buf_str(&sealed),
				     address, &form->wait, why);
	else
		why_set(why, e, "what was typed could not be sealed");
	buf_done(&sealed);
	return e;
}

enum err
ask_keep(struct app *app, const struct request *req, struct response *res,
	 const char *request, struct ask_form *form, struct why *why)
{
	struct str address = client_address(app, req);
	enum err e;

	if (form->problem != NULL)
		return ERR_OK;
	if ((e = keep(app, req, request, form, address, why)) != ERR_OK)
		return e;
	if (form->wait > 0) {
		form->status = 429;
		serve_retry_after(res, form->wait);
		LOG(LOG_WARN, "mail_throttled", { "request", str_of(request) },
		    { "address", address });
	} else {
		LOG(LOG_INFO, "mail_asked_for", { "request", str_of(request) },
		    { "address", address });
	}
	return ERR_OK;
}
