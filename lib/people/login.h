/*
 * A login by name and password, from the throttle to the open session. Policy
 * only: it knows no HTTP and issues no access token.
 *
 * One call makes two round trips to the database: logins_begin counts the try
 * before anything else is done, logins_open or logins_failed records how it
 * ended. Exactly one password hash is computed between them, whoever the name
 * belongs to; none when the try has to wait. A password that could not be looked
 * at (no memory) takes a third round trip: the try is not counted.
 */
#ifndef LOGIN_H
#define LOGIN_H

#include "people/device.h"
#include "people/password.h"
#include "people/refresh.h"
#include "store/sessions.h"

/* From the settings; the same at every call. */
struct login_policy {
	struct db *db;
	struct str secret; /* the session secret */
	struct password_cost cost;
	const char *state_dir; /* NULL: not set */
	unsigned slots;        /* password_slots */
	int64_t min_ms;        /* login_min_ms */
	int64_t session_idle;  /* of sessions that are kept signed in */
	int64_t session_life;
	int64_t session_browser_life; /* of the others */
	int64_t sessions_max;         /* of one user and kind */
};

struct login_try {
	struct str name;
	struct str password;
	struct str address;  /* of the client */
	struct str agent;    /* User-Agent, for the list of sessions */
	struct str device;   /* the device secret it brought, or empty */
	struct str replaces; /* the refresh token it brought: that session ends */
	bool remember;
	bool browser; /* the kind of session: by the form; else by JSON */
	int64_t now;
};

/* Zero refuses. */
enum login_outcome {
	LOGIN_REFUSED = 0, /* wrong, unknown or disabled: the same answer for all */
	LOGIN_THROTTLED,   /* too many tries, or the user has logged in too often */
	LOGIN_ALLOWED
};

struct login {
	enum login_outcome outcome;
	int64_t wait;       /* of LOGIN_THROTTLED, in seconds, at least 1 */
	bool too_often;     /* of LOGIN_THROTTLED: the password was right */
	const char *reason; /* a word for the log, never for the client */

	/* Of LOGIN_ALLOWED: */
	struct session session;
	char refresh[REFRESH_SIZE];
	char device[DEVICE_SIZE]; /* replaces the one it brought, if any */
	bool displaced;           /* other sessions ended for it: tell the verifiers */
};

/*
 * Try to log in. ERR_BUSY: no slot to hash in was free (503, try again);
 * ERR_DATABASE, an unusable state_dir and the rest: could not be decided (503). `*l` refuses unless
 * ERR_OK is returned. A name that is not UTF-8, holds control characters or is
 * over 255 bytes is refused like an unknown one. login_done wipes it.
 */
enum err login_check(const struct login_policy *policy, const struct login_try *try,
		     struct login *l, struct why *why);
void login_done(struct login *l);

#endif
