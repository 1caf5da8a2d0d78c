/*
 * An open session proves one more factor. It gets another sid, and the old one is revoked
 * in the database: the caller tells the verifiers (people/session_end.h).
 */
#ifndef MFA_STEP_H
#define MFA_STEP_H

#include "mfa/mfa.h"

/* Who is signed in, and from where. */
struct mfa_session {
	struct str user, sid; /* of a verified access token */
	struct str address;   /* of the client */
	struct str device;    /* the device secret that came with the request, or empty */
	int64_t now;
};

/* As mfa_find, for the session. */
enum err mfa_step_find(const struct mfa_policy *policy, const struct mfa_session *who,
		       struct mfa_login *login, struct why *why);

/*
 * As mfa_open, for the session. With MFA_DONE only `session` of result->opened is
 * filled in: the session keeps its refresh token and its device.
 */
enum err mfa_step(const struct mfa_policy *policy, const struct mfa_session *who,
		  const struct mfa_proof *proof, struct mfa_result *result,
		  struct why *why);

#endif
