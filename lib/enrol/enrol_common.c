/* What all handlers of this room use. */
#include "access/csrf.h"
#include "access/urls.h"
#include "base/log.h"
#include "base/text.h"
#include "enrol/enrol_parts.h"
#include "entry/login_asker.h"
#include "serve/power_session.h"
#include "serve/serve.h"

void
enrol_unavailable(struct app *app, const struct request *req, struct response *res,
		  enum err e, const struct why *why)
{
	LOG(LOG_ERROR, "factor_unavailable", { "error", str_of(err_text(e)) },
	    { "why", str_of(why->text) });
	serve_unavailable(app, req, res, e);
}

void
enrol_lead_and_back(struct response *res, const char *url, const struct enrol *e)
{
	struct buf back, to;

	buf_init(&back, 8192);
	buf_init(&to, 16384);
	buf_addz(&back, URL_LOGIN_FACTOR);
	if (!str_is(e->return_to, "/")) {
		buf_addz(&back, "?return_to=");
		text_add_percent(&back, e->return_to, "/");
	}
	buf_addz(&to, url);
	buf_addz(&to, str_index(str_of(url), '?') < str_of(url).n ? "&" : "?");
	buf_addz(&to, "return_to=");
	text_add_percent(&to, buf_str(&back), "/");
	if (!back.failed && !to.failed)
		response_see_other(res, buf_str(&to));
	buf_done(&to);
	buf_done(&back);
}

bool
enrol_form(struct app *app, const struct request *req, struct response *res,
	   const struct enrol *e, struct buf *token, struct request_origin *asker)
{
	enum err err = login_asker_find(app, req, e->return_to, asker);

	if (err == ERR_OK && e->kind != ENROL_NOBODY)
		err = csrf_issue(app_secret(app), ENROL_FORM_PURPOSE, e->binding,
				 app->now, token);
	if (err != ERR_OK)
		serve_unavailable(app, req, res, err);
	return err == ERR_OK;
}
