#include "second/login_key.h"

#include <string.h>

#include "access/client.h"
#include "page/visitor_form.h"
#include "serve/power_database.h"

enum err
login_key_judge(struct app *app, const struct request *req, struct str user,
		struct str json, struct login_key *key, struct mfa_proof *proof,
		struct mfa_result *refused, struct why *why)
{
	const struct passkey_site site = login_passkey_site(app);
	const struct passkey_answer answer = { json, visitor_form_brought(app, req),
					       app->now };
	enum err e;

	*refused = (struct mfa_result){ .outcome = MFA_WRONG, .recovery_left = -1 };
	*proof = (struct mfa_proof){ .way = FACTORS_PASSKEY, .passkey = &key->proof };
	e = passkey_judge(&site, user, &answer, &key->judged, why);
	if (e != ERR_OK)
		return e;
	if (key->judged.good) {
		key->proof = passkey_proof(&key->judged);
		refused->outcome = MFA_DONE;
		return ERR_OK;
	}
	refused->reason = key->judged.reason;
	if (user.n < sizeof(refused->user))
		memcpy(refused->user, user.p, user.n);
	return factors_failed(app_db(app), user, FACTORS_PASSKEY, refused->reason,
			      client_address(app, req), why);
}
