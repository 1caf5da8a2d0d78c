/*
 * A login by a passkey alone, which names and verifies its user. It makes two round
 * trips to the database: one finds the passkey, the other uses the challenge up and
 * opens the session.
 */
#ifndef PASSKEY_LOGIN_H
#define PASSKEY_LOGIN_H

#include "passkey/passkey.h"
#include "people/flow.h"

struct passkey_ask {
	struct passkey_answer answer;
	struct str address; /* of the client */
	struct str device;  /* the device secret that came with the request, or empty */
	struct flow_wishes wishes;
};

/* Zero refuses. */
enum passkey_state {
	PASSKEY_REFUSED = 0, /* the same answer whatever the reason */
	PASSKEY_THROTTLED,   /* the user has logged in too often: `wait` */
	PASSKEY_OPENED
};

struct passkey_login {
	enum passkey_state state;
	int64_t wait;              /* seconds, at least 1 */
	const char *reason;        /* a word for the log; NULL when opened */
	char user[UUID_SIZE];      /* empty: nobody's passkey */
	struct flow_opened opened; /* of PASSKEY_OPENED */
};

/*
 * Judge the answer and open the session. On an error it could not be decided (503). Call
 * passkey_login_done after any return.
 */
enum err passkey_login(const struct passkey_site *site, const struct flow_policy *policy,
		       const struct passkey_ask *ask, struct passkey_login *login,
		       struct why *why);
void passkey_login_done(struct passkey_login *login);

#endif
