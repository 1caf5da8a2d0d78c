#include "passkey/passkey_login.h"

#include <string.h>

#include "crypto/secret.h"
#include "people/session_new.h"

static void
conclude(const struct flows_result *result, struct passkey_login *login)
{
	static const char *const reasons[] = { [FACTORS_OVER] = "changed_meanwhile",
					       [FACTORS_WRONG] = "refused",
					       [FACTORS_REPLAYED] = "replayed",
					       [FACTORS_COUNTER] = "counter",
					       [FACTORS_WAIT] = "logins" };

	if (result->used != FACTORS_USED) {
		login->reason = reasons[result->used];
		login->wait = result->wait;
		login->state = result->used == FACTORS_WAIT ? PASSKEY_THROTTLED
							    : PASSKEY_REFUSED;
		return;
	}
	login->opened.session = result->opened.session;
	login->opened.displaced = result->opened.displaced;
	memcpy(login->opened.language, result->opened.language,
	       sizeof(login->opened.language));
	login->state = PASSKEY_OPENED;
}

static enum err
open_session(const struct passkey_site *site, const struct flow_policy *policy,
	     const struct passkey_ask *ask, const struct passkey_judged *judged,
	     struct passkey_login *login, struct why *why)
{
	struct factors_proof proof = passkey_proof(judged);
	struct flows_result result = { .used = FACTORS_OVER };
	struct device device;
	bool known = false;
	struct session_owner owner = { .user = str_of(judged->row.user),
				       .device_version = judged->row.device_version };
	const struct device_owner whose = { str_of(judged->row.user),
					    judged->row.device_version };
	struct session_new made;
	enum err e = device_read_of(policy->secret, ask->device, ask->wishes.now, &whose,
				    &device, &known);

	owner.known = known ? &device : NULL;
	if (e == ERR_OK)
		e = session_new(policy, &ask->wishes, &owner, &login->opened, &made);
	if (e != ERR_OK)
		return e;
	made.row.who.address = ask->address;
	if (known)
		made.row.device = (struct str){ (const char *)made.device, SHA256_SIZE };
	e = passkeys_open(site->db, &judged->row, &proof, &made.row, &result, why);
	if (e == ERR_OK)
		conclude(&result, login);
	secret_wipe(&device, sizeof(device));
	return e;
}

enum err
passkey_login(const struct passkey_site *site, const struct flow_policy *policy,
	      const struct passkey_ask *ask, struct passkey_login *login, struct why *why)
{
	struct passkey_judged judged;
	enum err e;

	*login = (struct passkey_login){ .state = PASSKEY_REFUSED };
	e = passkey_judge(site, STR(""), &ask->answer, &judged, why);
	memcpy(login->user, judged.row.user, sizeof(login->user));
	login->reason = judged.reason;
	if (e == ERR_OK && judged.good)
		e = open_session(site, policy, ask, &judged, login, why);
	if (login->state != PASSKEY_OPENED)
		flow_opened_done(&login->opened);
	return e;
}

void
passkey_login_done(struct passkey_login *login)
{
	flow_opened_done(&login->opened);
}
