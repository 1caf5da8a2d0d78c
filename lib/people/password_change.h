/*
 * Changing one's own password. The current password is asked for, counted and compared
 * as at a login, and the new one is checked against the rules. Somebody without a password
 * may set one; the caller has checked how they signed in. All other sessions of
 * the user end with the change, and no device is known any more.
 */
#ifndef PASSWORD_CHANGE_H
#define PASSWORD_CHANGE_H

#include "people/flow.h"
#include "people/password_rules.h"

struct password_change_ask {
	struct str user, sid; /* of a verified access token */
	struct str name;      /* the user's */
	struct str site;
	struct str address;
	struct str current, next;
	bool first;    /* there is no password yet, and `current` is not looked at */
	size_t least;  /* password_min_length */
	bool tell;     /* the user, by mail, that it was changed */
	bool programs; /* tokens for programs end, too */
};

/* Zero refuses. */
enum password_change_outcome {
	PASSWORD_CHANGE_WRONG = 0, /* the current password is wrong */
	PASSWORD_CHANGE_WAIT,      /* too many tries: it was not compared */
	PASSWORD_CHANGE_RULE,      /* the new one breaks `rule` */
	PASSWORD_CHANGE_SAME,      /* the new one is the current one */
	PASSWORD_CHANGE_GONE,      /* the user or session has ended, or the password
				    * changed meanwhile */
	PASSWORD_CHANGE_DONE
};

struct password_change {
	enum password_change_outcome outcome;
	enum password_rule rule;
	int64_t wait;           /* seconds */
	int64_t device_version; /* for PASSWORD_CHANGE_DONE: the version for a new
				 * device secret */
};

/*
 * Of `policy`, this uses db, cost, state_dir and slots. Nothing is stored unless the
 * outcome is PASSWORD_CHANGE_DONE. ERR_BUSY as in flow_begin.
 */
enum err password_change(const struct flow_policy *policy,
			 const struct password_change_ask *ask,
			 struct password_change *result, struct why *why);

#endif
