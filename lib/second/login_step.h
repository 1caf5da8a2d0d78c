/*
 * /login/mfa for a session that has to prove one more factor: the address has need=factor
 * or need=phr, and the session is that of the access token in the cookie.
 */
#ifndef LOGIN_STEP_H
#define LOGIN_STEP_H

#include "jose/jwt/claims.h"
#include "login/login_mfa.h"
#include "mfa/mfa_step.h"

struct login_step {
	struct str need;      /* "factor" or "phr"; empty: it is about a flow */
	struct claims claims; /* of the access token; no sid: there is none */
};

/* Read what a form or a query says. Call login_step_done after any return. */
void login_step_find(struct app *app, const struct request *req, const struct form *form,
		     struct login_step *step);
void login_step_done(struct login_step *step);

/* The ways that count: for phr, only a passkey does. */
unsigned login_step_ways(const struct login_step *step, unsigned ways);

/* As mfa_step_find. */
enum err login_step_look(struct app *app, const struct request *req,
			 const struct login_step *step, struct mfa_login *login,
			 struct why *why);

/*
 * There is no such session: 303 to the login. `ended`: there is a token of one, so only a
 * new login can help.
 */
void login_step_over(struct response *res, const struct login_step *step, bool ended,
		     struct str return_to);

/*
 * Check the proof. If it is right, the verifiers are told of the old sid, and `res` gets
 * the cookie with the new access token.
 */
void login_step_run(struct app *app, const struct request *req, struct response *res,
		    const struct login_step *step, const struct login_mfa *with,
		    struct login_mfa_try *t);

#endif
