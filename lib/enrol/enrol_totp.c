/*
 * The app for one-time codes. The secret waits, sealed, in the flow or beside the session
 * until its first code has shown that the app has it. So the page can be loaded again,
 * and a wrong code changes nothing.
 */
#include <stdio.h>
#include <string.h>

#include "access/urls.h"
#include "base/log.h"
#include "config/config.h"
#include "crypto/secret.h"
#include "enrol/enrol_parts.h"
#include "factor/factor_keys.h"
#include "factor/factor_power.h"
#include "factor/qr.h"
#include "factor/totp.h"
#include "login/login_mfa.h"
#include "page/page.h"
#include "page/page_power.h"
#include "page/pages.h"
#include "serve/power_database.h"

#define URL_APP URL_LOGIN_FACTOR "?step=app"
#define CLOCK_WINDOW 20 /* steps in which a code tells of a wrong clock: ten minutes */

_Static_assert(FACTOR_KEY_ID == FACTORS_KEY_ID, "size");
_Static_assert(FACTOR_SEALED_MAX <= FACTORS_SEALED, "a sealed secret can be stored");

static enum err
make(struct app *app, const struct enrol *e, struct factors_sealed *made, struct why *why)
{
	unsigned char secret[TOTP_SECRET];
	struct buf sealed;
	enum err err = totp_new(secret);

	buf_init(&sealed, FACTOR_SEALED_MAX);
	if (err != ERR_OK)
		why_set(why, err, "no random bytes for a secret");
	else
		err = factor_seal(app_factor_keys(app), str_of(e->user),
				  (struct str){ (const char *)secret, sizeof(secret) },
				  made->key_id, &sealed, why);
	if (err == ERR_OK) {
		memcpy(made->bytes, sealed.p, sealed.n);
		made->n = sealed.n;
	}
	buf_done(&sealed);
	secret_wipe(secret, sizeof(secret));
	return err;
}

void
enrol_totp_begin(struct app *app, const struct request *req, struct response *res,
		 const struct enrol *e)
{
	struct factors_sealed made = { .n = 0 };
	enum factors_set set = FACTORS_SET_OVER;
	struct why why = { "" };
	enum err err;

	if (app_factor_keys(app) == NULL || !e->has_password) {
		login_mfa_lead(res, URL_LOGIN_FACTOR, e->return_to);
		return;
	}
	err = make(app, e, &made, &why);
	if (err == ERR_OK)
		err = factors_totp_begin(app_db(app), &e->by, &made, &set, &why);
	if (err != ERR_OK)
		enrol_unavailable(app, req, res, err, &why);
	else if (set == FACTORS_SET_OK)
		login_mfa_lead(res, URL_APP, e->return_to);
	else
		enrol_answer(app, req, res, e, set, NULL);
}

/* What the app is given, as the page shows it. */
struct shown {
	struct buf text, uri, path;
	int side; /* 0: there is no QR code, because its text would be too long */
};

static enum err
draw(struct app *app, const struct enrol *e, struct str secret, struct shown *s)
{
	struct str issuer = app_pages(app)->site_name;
	enum err err;

	if (!totp_text(&s->text, secret) ||
	    !totp_uri(&s->uri, issuer, str_of(e->name), secret))
		return ERR_MEMORY;
	err = qr_path(buf_str(&s->uri), &s->path, &s->side);
	return err == ERR_LIMIT ? ERR_OK : err;
}

static void
send(struct app *app, const struct request *req, struct response *res,
     const struct enrol *e, const struct shown *s, int status, const char *problem)
{
	struct request_origin asker;
	struct page page;
	struct buf token;
	char side[16];

	snprintf(side, sizeof(side), "%d", s->side);
	buf_init(&token, 256);
	if (enrol_form(app, req, res, e, &token, &asker)) {
		app_page(app, req, "factor_app", &page);
		page_leads_to(&page, str_of(asker.leads_to));
		page_text(&page, "form_token", buf_str(&token));
		page_text(&page, "return_to", e->return_to);
		page_text(&page, "username", str_of(e->name));
		page_phrase(&page, "problem", problem);
		page_text(&page, "secret", buf_str(&s->text));
		page_text(&page, "uri", buf_str(&s->uri));
		page_flag(&page, "qr", s->side > 0);
		page_text(&page, "path", buf_str(&s->path));
		page_text(&page, "side", str_of(side));
		page_send(&page, status, res);
	}
	buf_done(&token);
}

/* The secret that waits. The caller ends `secret`. */
static enum err
unseal(struct app *app, const struct enrol *e, struct buf *secret, struct why *why)
{
	struct str sealed = { (const char *)e->set_up.bytes, e->set_up.n };
	bool stale;

	if (app_factor_keys(app) == NULL)
		return why_set(why, ERR_NOT_FOUND, "factor_keys is not set");
	return factor_unseal(app_factor_keys(app), str_of(e->user),
			     str_of(e->set_up.key_id), sealed, secret, &stale, why);
}

void
enrol_totp_show(struct app *app, const struct request *req, struct response *res,
		const struct enrol *e, int status, const char *problem)
{
	struct shown s = { .side = 0 };
	struct why why = { "the page could not be drawn" };
	struct buf secret;
	enum err err;

	if (e->set_up.n == 0) {
		enrol_answer(app, req, res, e, FACTORS_SET_NONE, NULL);
		return;
	}
	buf_init(&secret, FACTOR_SEALED_MAX);
	buf_init(&s.text, 64);
	buf_init(&s.uri, 2 * QR_TEXT_MAX);
	buf_init(&s.path, QR_PATH_MAX);
	err = unseal(app, e, &secret, &why);
	if (err == ERR_OK)
		err = draw(app, e, buf_str(&secret), &s);
	if (err == ERR_OK)
		send(app, req, res, e, &s, status, problem);
	else
		enrol_unavailable(app, req, res, err, &why);
	buf_done(&s.path);
	buf_done(&s.uri);
	buf_done(&s.text);
	buf_done(&secret);
}

/*
 * The step of the code, or 0 with a problem. The secret is the person's own, so they may
 * be told that the clock of their app is wrong.
 */
static enum err
judge(struct app *app, const struct enrol *e, struct str typed, int64_t *step,
      const char **problem, struct why *why)
{
	char code[TOTP_DIGITS + 1];
	int64_t elsewhere = 0;
	struct buf secret;
	enum err err;

	*step = 0;
	*problem = typed.n == 0 ? "factor.code_missing" : "factor.code_form";
	if (!totp_read(typed, code))
		return ERR_OK;
	buf_init(&secret, FACTOR_SEALED_MAX);
	err = unseal(app, e, &secret, why);
	if (err == ERR_OK)
		err = totp_check(buf_str(&secret), code, app->now, TOTP_WINDOW, step);
	if (err == ERR_OK && *step == 0)
		err = totp_check(buf_str(&secret), code, app->now, CLOCK_WINDOW,
				 &elsewhere);
	*problem = elsewhere != 0 ? "factor.code_clock" : "factor.code_wrong";
	buf_done(&secret);
	secret_wipe(code, sizeof(code));
	return err;
}

static enum err
store(struct app *app, const struct enrol *e, int64_t step, struct recovery *codes,
      enum factors_set *set, bool *stored, struct why *why)
{
	struct str hashes[RECOVERY_CODES];
	enum err err = enrol_codes_new(e, codes, hashes);

	if (err != ERR_OK)
		return why_set(why, err, "no recovery codes could be made");
	return factors_totp_confirm(app_db(app), &e->by, &e->set_up, step, hashes, set,
				    stored, why);
}

void
enrol_totp_confirm(struct app *app, const struct request *req, struct response *res,
		   const struct enrol *e, struct str code)
{
	struct recovery codes[RECOVERY_CODES];
	enum factors_set set = FACTORS_SET_NONE;
	const char *problem = NULL;
	struct why why = { "" };
	bool stored = false;
	int64_t step = 0;
	enum err err = ERR_OK;

	if (e->set_up.n > 0)
		err = judge(app, e, code, &step, &problem, &why);
	if (err == ERR_OK && step > 0)
		err = store(app, e, step, codes, &set, &stored, &why);
	if (err != ERR_OK)
		enrol_unavailable(app, req, res, err, &why);
	else if (e->set_up.n > 0 && step == 0)
		enrol_totp_show(app, req, res, e, 422, problem);
	else
		enrol_answer(app, req, res, e, set, stored ? codes : NULL);
	secret_wipe(codes, sizeof(codes));
}
