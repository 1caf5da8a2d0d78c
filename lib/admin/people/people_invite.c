/* /admin/people/invite: a mail with a link, behind which somebody makes an account. */
#include "admin/people/people_pages.h"

#include "access/client.h"
#include "access/urls.h"
#include "base/log.h"
#include "config/config.h"
#include "serve/power_database.h"

/* What was typed, and what is wrong with it. */
struct typed {
	struct str address, roles;
	enum admin_entered wrong; /* ADMIN_ENTERED_OK: nothing */
	int status;
};

static void
send(struct app *app, const struct request *req, struct response *res,
     const struct visit *v, const struct typed *typed)
{
	bool is_roles = typed->wrong == ADMIN_ENTERED_ROLES ||
			typed->wrong == ADMIN_ENTERED_RIGHTS;
	bool is_wrong = typed->wrong != ADMIN_ENTERED_OK;
	struct admin_frame frame;
	struct page *page = &frame.page;
	struct why why = { "" };
	enum err e;

	if ((e = admin_page(app, req, v, "admin_invite", &frame)) == ERR_OK) {
		page_phrase(page, "problem",
			    is_wrong ? people_problem(typed->wrong) : NULL);
		page_text(page, "address", typed->address);
		page_text(page, "wanted_roles", typed->roles);
		page_flag(page, "address_invalid", is_wrong && !is_roles);
		page_flag(page, "roles_invalid", is_roles);
		page_flag(page, "has_mail", config_has_mail(app->config));
		page_send(page, typed->status, res);
	} else {
		admin_unavailable(app, req, res, e, &why);
	}
	admin_frame_done(&frame);
}

void
people_invite_show(struct app *app, const struct request *req, struct response *res,
		   const struct visit *v)
{
	const struct typed typed = { .wrong = ADMIN_ENTERED_OK, .status = 200 };

	send(app, req, res, v, &typed);
}

static void
answer(struct app *app, const struct request *req, struct response *res,
       const struct visit *v, struct typed *typed, enum admin_entered outcome)
{
	if (outcome == ADMIN_ENTERED_OK) {
		LOG(LOG_INFO, "invited", { "admin", str_of(admin_of(v)->name) },
		    { "address", client_address(app, req) });
		admin_led(res, STR(URL_ADMIN_INVITATIONS), "invited");
	} else {
		typed->wrong = outcome;
		typed->status = outcome == ADMIN_ENTERED_RIGHTS ? 403 : 422;
		send(app, req, res, v, typed);
	}
}

void
people_invite_post(struct app *app, const struct request *req, struct response *res,
		   const struct visit *v)
{
	enum admin_refusal refusal = ADMIN_NO_SESSION;
	enum admin_entered outcome = ADMIN_ENTERED_ADDRESS;
	struct typed typed = { .wrong = ADMIN_ENTERED_OK, .status = 409 };
	struct roles_typed roles;
	struct why why = { "" };
	enum err e;

	form_find(v->form, "address", &typed.address);
	form_find(v->form, "roles", &typed.roles);
	typed.address = str_trim(typed.address);
	roles_typed_read(typed.roles, &roles);
	if (!config_has_mail(app->config)) {
		send(app, req, res, v, &typed);
		return;
	}
	e = admin_invite(app_db(app), v->who.claims->sid,
			 &(struct admin_new){ .mail = typed.address,
					      .roles = roles.words,
					      .n_roles = roles.n,
					      .address = client_address(app, req) },
			 &outcome, &refusal, &why);
	if (e != ERR_OK)
		admin_unavailable(app, req, res, e, &why);
	else if (refusal != ADMIN_GRANTED)
		admin_refused(app, req, res, refusal);
	else
		answer(app, req, res, v, &typed, outcome);
}
