/*
 * A passkey as the second factor, at /login/mfa.
 */
#ifndef LOGIN_KEY_H
#define LOGIN_KEY_H

#include "entry/login_passkey.h"
#include "login/login_mfa.h"

/* An answer of a passkey, judged. */
struct login_key {
	struct passkey_judged judged;
	struct factors_proof proof; /* points into `judged` */
};

/*
 * Judge the answer `json` of a passkey of `user`, which the browser with this request's
 * form cookie was asked for. If it is right, `proof` is set for login_mfa_run or
 * login_step_run. If not, `refused` is: it is recorded, and the try is over.
 */
enum err login_key_judge(struct app *app, const struct request *req, struct str user,
			 struct str json, struct login_key *key, struct mfa_proof *proof,
			 struct mfa_result *refused, struct why *why);

#endif
