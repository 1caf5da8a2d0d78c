/*
 * A new passkey. The page holds the options for the browser; the script sends its answer.
 * Whoever has no password needs one that verifies them and that a browser finds by itself,
 * or they could not sign in with it.
 */
#include "base/log.h"
#include "crypto/secret.h"
#include "enrol/enrol_parts.h"
#include "entry/login_passkey.h"
#include "page/visitor_form.h"

/* A field that was left empty has the name that the page had proposed. */
static enum err
make(struct app *app, const struct request *req, const struct enrol *e, struct str json,
     struct str typed, struct recovery *codes, bool *good, enum factors_set *set,
     bool *stored, struct why *why)
{
	struct passkey_site site = login_passkey_site(app);
	const struct passkey_answer answer = { json, visitor_form_brought(app, req),
					       app->now };
	struct str hashes[RECOVERY_CODES];
	struct passkey_new made = { .answer = &answer,
				    .by = &e->by,
				    .alone = !e->has_password,
				    .codes = hashes };
	struct buf name;
	enum err err = enrol_codes_new(e, codes, hashes);

	if (err != ERR_OK)
		return why_set(why, err, "no recovery codes could be made");
	buf_init(&name, 512);
	if (str_trim(typed).n > 0)
		buf_add(&name, str_trim(typed));
	else
		enrol_passkey_name(req, &name);
	made.name = buf_str(&name);
	err = passkey_make(&site, &made, good, set, stored, why);
	buf_done(&name);
	return err;
}

void
enrol_passkey(struct app *app, const struct request *req, struct response *res,
	      const struct enrol *e, struct str json, struct str name)
{
	struct recovery codes[RECOVERY_CODES];
	enum factors_set set = FACTORS_SET_OVER;
	bool good = false, stored = false;
	struct why why = { "" };
	enum err err = ERR_OK;

	if (login_has_passkeys(app) && json.n > 0)
		err = make(app, req, e, json, name, codes, &good, &set, &stored, &why);
	if (err != ERR_OK) {
		enrol_unavailable(app, req, res, err, &why);
	} else if (!good) {
		LOG(LOG_WARN, "passkey_refused", { "why", str_of(why.text) },
		    { "sub", str_of(e->user) }, { "address", e->by.who.address });
		enrol_page(app, req, res, e, 422, "factor.passkey_refused");
	} else if (set == FACTORS_SET_REPLAYED) {
		enrol_page(app, req, res, e, 409, "factor.passkey_refused");
	} else {
		enrol_answer(app, req, res, e, set, stored ? codes : NULL);
	}
	secret_wipe(codes, sizeof(codes));
}
