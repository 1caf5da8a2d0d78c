/* The page from which every set-up begins. */
#include "access/urls.h"
#include "enrol/enrol_parts.h"
#include "factor/factor_power.h"
#include "login/login_mfa.h"
#include "page/page.h"
#include "page/page_power.h"

#define OPTIONS_MAX 65536 /* bytes; they name all passkeys of the user */

static void
send_choice(struct app *app, const struct request *req, struct response *res,
	    const struct enrol *e, int status, const char *problem)
{
	bool app_offered = app_factor_keys(app) != NULL && e->has_password;
	bool session = e->kind == ENROL_SESSION;
	struct request_origin asker;
	struct page page;
	struct buf token, options, name;
	struct why why = { "" };
	enum err err;

	buf_init(&token, 256);
	buf_init(&options, OPTIONS_MAX);
	buf_init(&name, 256);
	enrol_passkey_name(req, &name);
	err = enrol_passkey_options(app, req, res, e, &options, &why);
	if (err != ERR_OK) {
		enrol_unavailable(app, req, res, err, &why);
	} else if (enrol_form(app, req, res, e, &token, &asker)) {
		app_page(app, req, "factor", &page);
		page_leads_to(&page, str_of(asker.leads_to));
		page_text(&page, "form_token", buf_str(&token));
		page_text(&page, "return_to", e->return_to);
		page_text(&page, "username", str_of(e->name));
		page_phrase(&page, "lead",
			    session     ? "factor.lead_session"
			    : e->linked ? "factor.lead_link"
					: "factor.lead_required");
		page_phrase(&page, "problem", problem);
		page_flag(&page, "app", app_offered);
		page_flag(&page, "has_app", (e->ways & FACTORS_TOTP) != 0);
		page_text(&page, "passkey_options", buf_str(&options));
		page_text(&page, "passkey_name", buf_str(&name));
		page_flag(&page, "nothing", !app_offered && options.n == 0);
		page_flag(&page, "recovery", session && e->ways != 0);
		page_flag(&page, "session", session);
		page_send(&page, status, res);
	}
	buf_done(&token);
	buf_done(&options);
	buf_done(&name);
}

/* `what` of the form of a note is a link, when its mail is wanted. */
static void
send_needs_link(struct app *app, const struct request *req, struct response *res,
		const struct enrol *e, int status, const char *problem)
{
	const struct enrol_note note = { .status = status,
					 .heading = "factor.needs_link",
					 .lead = problem != NULL
							 ? problem
							 : "factor.needs_link_lead",
					 .next = "factor.needs_link_next",
					 .what = "link",
					 .button = "factor.needs_link_button" };

	enrol_note(app, req, res, e, &note);
}

void
enrol_page(struct app *app, const struct request *req, struct response *res,
	   const struct enrol *e, int status, const char *problem)
{
	static const struct enrol_note link = { .status = 200,
						.heading = "factor.heading",
						.lead = "factor.link_lead",
						.what = "open",
						.button = "factor.link_button" };
	const struct enrol_prove prove = { status, problem };
	struct enrol_note arrived = link;

	arrived.status = status;
	switch (e->kind) {
	case ENROL_LINK:
		enrol_note(app, req, res, e, &arrived);
		return;
	case ENROL_FLOW:
		if (e->needs_proof)
			enrol_prove_show(app, req, res, e, &prove);
		else if (e->needs_link)
			send_needs_link(app, req, res, e, status, problem);
		else
			send_choice(app, req, res, e, status, problem);
		return;
	case ENROL_SESSION:
		if (e->stale_login)
			enrol_lead_and_back(res, URL_LOGIN "?need=fresh", e);
		else if (e->stale_factor)
			enrol_lead_and_back(res, URL_LOGIN_MFA "?need=factor", e);
		else
			send_choice(app, req, res, e, status, problem);
		return;
	default:
		if (e->over)
			login_mfa_over(app, res, e->return_to);
		else
			enrol_lead_and_back(res, URL_LOGIN, e);
	}
}
