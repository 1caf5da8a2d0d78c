/* What follows from a set-up: recovery codes, the session, and the way on. */
#include "access/access.h"
#include "access/urls.h"
#include "base/log.h"
#include "config/config.h"
#include "crypto/secret.h"
#include "enrol/enrol_parts.h"
#include "entry/login_cookies.h"
#include "entry/login_opened.h"
#include "login/login_mfa.h"
#include "login/renewal.h"
#include "page/hearers.h"
#include "page/page.h"
#include "page/page_power.h"
#include "serve/power_database.h"
#include "worker/worker.h"

_Static_assert(FACTORS_CODES == RECOVERY_CODES, "as many as are stored");

enum err
enrol_codes_new(const struct enrol *e, struct recovery codes[RECOVERY_CODES],
		struct str hashes[RECOVERY_CODES])
{
	for (size_t i = 0; i < RECOVERY_CODES; i++)
		hashes[i] = (struct str){ (const char *)codes[i].hash, SHA256_SIZE };
	return recovery_new(str_of(e->user), codes);
}

/* The only time that the codes are shown. `target`: where the page leads on. */
static void
show_codes(struct app *app, const struct request *req, struct response *res,
	   const struct enrol *e, const struct recovery *codes, struct str target)
{
	struct template_field fields[RECOVERY_CODES];
	struct template_scope items[RECOVERY_CODES];
	struct page page;

	for (size_t i = 0; i < RECOVERY_CODES; i++) {
		fields[i] = (struct template_field){ "code", TEMPLATE_TEXT,
						     .text = str_of(codes[i].code) };
		items[i] = (struct template_scope){ &fields[i], 1 };
	}
	app_page(app, req, "factor_codes", &page);
	page_text(&page, "username", str_of(e->name));
	page_text(&page, "target", target);
	page_list(&page, "codes", items, RECOVERY_CODES);
	page_send(&page, 200, res);
}

/*
 * The session has another sid, and the cookies of this browser still name the old one.
 * If they cannot be renewed now, the next page that needs them renews them.
 */
static void
renew(struct app *app, const struct request *req, struct response *res)
{
	struct cookie c = login_cookie_session(app->config);
	struct str token = cookie_get(req, &c);
	struct why why = { "" };
	struct renewal r;

	if (token.n == 0)
		return;
	if (renewal_run(app, req, token, app->config->browser_token_life, &r, &why) ==
		    ERR_OK &&
	    r.done)
		login_cookies_put(app, res, &r.refresh.session, buf_str(&r.token),
				  r.expires_in, str_of(r.refresh.next));
	renewal_done(&r);
}

/* The verifiers learn that the old sid is not good any more. */
static void
step_up(struct app *app, const struct request *req, struct response *res)
{
	struct session_hearers hearers = hearers_of(app->config, app_db(app));
	struct why why = { "" };
	enum err e = session_end(&hearers, SESSION_END_CHANGED, NULL, &why);

	if (e != ERR_OK)
		LOG(LOG_ERROR, "sid_not_told", { "error", str_of(err_text(e)) },
		    { "why", str_of(why.text) });
	renew(app, req, res);
}

/* The flow has proven what was set up: open its session. False: it did not open. */
static bool
open_session(struct app *app, const struct request *req, struct response *res,
	     const struct enrol *e)
{
	const struct login_mfa with = { .ticket = e->ticket, .browser = true };
	struct login_mfa_try t;
	bool opened;

	login_mfa_run(app, req, res, &with, &t);
	opened = t.decided && t.result.outcome == MFA_DONE;
	if (opened)
		login_opened_cookies(app, req, res, &t.result.opened, buf_str(&t.token),
				     t.expires_in);
	login_mfa_try_done(&t);
	return opened;
}

static void
drop_flow(struct app *app, struct response *res)
{
	struct cookie flow = login_cookie_flow(app->config);

	cookie_drop(res, &flow);
}

/*
 * It is set up. The codes are shown whatever becomes of the session: they are never shown
 * again.
 */
static void
done(struct app *app, const struct request *req, struct response *res,
     const struct enrol *e, const struct recovery *codes)
{
	static const struct enrol_note by_link = { .status = 200,
						   .heading = "factor.ready",
						   .lead = "factor.ready_lead",
						   .target = URL_LOGIN,
						   .button = "factor.sign_in" };
	struct str target = e->return_to;
	bool opened = true;

	LOG(LOG_INFO, "factor_added", { "user", str_of(e->name) },
	    { "sub", str_of(e->user) }, { "address", e->by.who.address });
	worker_wake(app); /* the owner is told by mail */
	if (e->kind == ENROL_SESSION)
		step_up(app, req, res);
	else if (e->linked)
		drop_flow(app, res);
	else
		opened = open_session(app, req, res, e);
	if (e->linked || !opened)
		target = STR(URL_LOGIN);
	if (codes != NULL)
		show_codes(app, req, res, e, codes, target);
	else if (e->linked)
		enrol_note(app, req, res, e, &by_link);
	else if (opened)
		response_see_other(res, target);
}

static const struct enrol_note again = { .status = 409,
					 .heading = "factor.again",
					 .lead = "factor.again_lead",
					 .target = URL_LOGIN_FACTOR,
					 .button = "factor.again_button" };

void
enrol_answer(struct app *app, const struct request *req, struct response *res,
	     const struct enrol *e, enum factors_set set, const struct recovery *codes)
{
	switch (set) {
	case FACTORS_SET_OK:
		done(app, req, res, e, codes);
		return;
	case FACTORS_SET_STALE:
	case FACTORS_SET_LINK:
		/* the page itself knows what is missing */
		login_mfa_lead(res, URL_LOGIN_FACTOR, e->return_to);
		return;
	case FACTORS_SET_OVER:
		if (e->kind == ENROL_FLOW)
			login_mfa_over(app, res, e->return_to);
		else
			enrol_lead_and_back(res, URL_LOGIN, e);
		return;
	case FACTORS_SET_FULL:
		enrol_page(app, req, res, e, 422, "factor.full");
		return;
	case FACTORS_SET_KNOWN:
		enrol_page(app, req, res, e, 422, "factor.known");
		return;
	case FACTORS_SET_NAME:
		enrol_page(app, req, res, e, 422, "factor.name_wrong");
		return;
	default:
		enrol_note(app, req, res, e, &again);
	}
}

void
enrol_recovery(struct app *app, const struct request *req, struct response *res,
	       const struct enrol *e)
{
	struct recovery codes[RECOVERY_CODES];
	struct str hashes[RECOVERY_CODES];
	enum factors_set set = FACTORS_SET_OVER;
	struct why why = { "no recovery codes could be made" };
	enum err err = enrol_codes_new(e, codes, hashes);

	if (e->kind != ENROL_SESSION) {
		login_mfa_lead(res, URL_LOGIN_FACTOR, e->return_to);
		goto out;
	}
	if (err == ERR_OK)
		err = factors_recovery_renew(app_db(app), &e->by, hashes, &set, &why);
	if (err != ERR_OK) {
		enrol_unavailable(app, req, res, err, &why);
	} else if (set != FACTORS_SET_OK) {
		enrol_answer(app, req, res, e, set, NULL);
	} else {
		LOG(LOG_INFO, "recovery_made", { "user", str_of(e->name) },
		    { "sub", str_of(e->user) }, { "address", e->by.who.address });
		worker_wake(app);
		show_codes(app, req, res, e, codes, e->return_to);
	}
out:
	secret_wipe(codes, sizeof(codes));
}
