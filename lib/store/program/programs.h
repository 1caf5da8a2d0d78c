/*
 * Tokens for programs (sql/functions/programs.sql). A token is signed first, and is given
 * away only after its row is stored.
 */
#ifndef PROGRAMS_H
#define PROGRAMS_H

#include "db/db.h"
#include "store/sessions.h"

/* Zero refuses, and nothing is stored. */
enum programs_made {
	PROGRAMS_OVER = 0, /* the session is over; or the user is disabled or gone */
	PROGRAMS_STALE,    /* the login or the last proof of a factor is too old */
	PROGRAMS_WAIT,     /* too many were made */
	PROGRAMS_CHANGED,  /* the user's name or roles are not those in the token */
	PROGRAMS_LABEL,    /* not a name for a token */
	PROGRAMS_FULL,     /* the user has too many */
	PROGRAMS_MADE
};

/* What is stored of a token. All borrowed. */
struct programs_token {
	struct str id;    /* its sid */
	struct str user;  /* the owner's id */
	struct str name;  /* the owner's name, as the token says it */
	struct str label; /* the owner's name for the token */
	const struct str *roles;
	size_t n_roles;
	struct str prefix; /* empty: the whole site */
	int64_t expires;
	bool tell; /* the site sends mail: the owner is told */
};

/* The owner of a token that is to be made. */
struct programs_owner {
	bool found;
	char name[256];
	char roles[1024]; /* words */
	bool disabled;
	unsigned ways;     /* a set of enum factors_way (store/ways.h) */
	int64_t auth_time; /* of the session: its login, … */
	int64_t factor_at; /* … and when a factor was proven last; 0: never */
};

/* `user` and `sid` are those of a verified access token. Not found: it is over. */
enum err programs_look(struct db *db, struct str user, struct str sid,
		       struct programs_owner *owner, struct why *why);

/*
 * The person makes one with the session `sid`, whose login is at most `fresh` seconds
 * old. `*wait` is in seconds, for PROGRAMS_WAIT.
 */
enum err programs_make(struct db *db, const struct programs_token *t, struct str sid,
		       int64_t fresh, struct str address, enum programs_made *made,
		       int64_t *wait, struct why *why);

/* The living tokens of a user: id, label, roles, prefix, created_at, expires_at. */
enum err programs_list(struct db *db, struct str user, struct db_rows **rows,
		       struct why *why);

/*
 * End one of the user's own. `*ended` is false if it was over, or is another's. After
 * any end the verifiers must be told (people/session_end.h).
 */
enum err programs_end(struct db *db, struct str user, struct str id, struct str address,
		      bool *ended, struct why *why);

/* ---- for the operator ---- */

/* The person with that id. The times stay 0, because no session is asked. */
enum err programs_owner(struct db *db, struct str user, struct programs_owner *owner,
			struct why *why);
/* `more`: what else the audit says of it; may be empty. */
enum err programs_issue(struct db *db, const struct programs_token *t, struct str more,
			struct str actor, enum programs_made *made, struct why *why);

/*
 * The living tokens of the user `name`, or if that is empty of all: id, name, label,
 * roles, prefix, created_at, expires_at.
 */
enum err programs_list_any(struct db *db, struct str name, int64_t limit,
			   struct db_rows **rows, struct why *why);

/* `*known` is false if there is no such token; `*ended` if it was over. */
enum err programs_end_any(struct db *db, struct str id, struct str actor, bool *known,
			  bool *ended, struct why *why);

/* All of a user. `*found` is false if there is no such user. */
enum err programs_end_user(struct db *db, struct str name, struct str actor, bool *found,
			   int64_t *ended, struct why *why);

/*
 * How many tokens live, and when the last of them expires, in seconds since 1970. 0:
 * there is none.
 */
enum err programs_figures(struct db *db, int64_t *living, int64_t *until,
			  struct why *why);

#endif
