/*
 * What people do with their own account (sql/functions/accounts.sql). `user` and `sid`
 * are sub and sid of a verified access token.
 */
#ifndef ACCOUNTS_H
#define ACCOUNTS_H

#include "db/db.h"
#include "store/sessions.h"

#define ACCOUNTS_DISPLAY_NAME 401 /* bytes with NUL: 100 characters */
#define ACCOUNTS_ADDRESS 255      /* the same of an address of mail */

/* What has not been said is empty. */
struct account {
	struct session session;
	int64_t created_at;
	int64_t password_at; /* when the password was set */
	char display_name[ACCOUNTS_DISPLAY_NAME];
	char language[17]; /* a tag of the pages' (page/language.h) */
	char address[ACCOUNTS_ADDRESS];
	bool address_verified;
	char address_wanted[ACCOUNTS_ADDRESS]; /* asked for, and not proved yet */
	bool has_password;
	unsigned ways;     /* the user's factors: a set of enum factors_way (ways.h) */
	int64_t factor_at; /* when the session last proved one; 0: never */
	int64_t tokens;    /* how many tokens for programs the user has */
	int64_t apps;      /* how many clients the user has let in */
};

/* `*found` is false when the user is disabled or the session is over. */
enum err accounts_find(struct db *db, struct str user, struct str sid, struct account *a,
		       bool *found, struct why *why);

/*
 * The open sessions, last used first. Columns: id, sid, opened at, used at,
 * address, user agent, remember, amr, factor at.
 */
enum err accounts_sessions(struct db *db, struct str user, struct db_rows **rows,
			   struct why *why);

/* End one session of the user by its id. */
enum err accounts_session_end(struct db *db, struct str user, struct str id,
			      struct str address, bool *ended, struct why *why);

/*
 * End all sessions but the one with `sid`, and forget all devices of the user.
 * `tell` it to the user's verified address, if there is one, by mail.
 * `*device_version` is for a new secret (people/device.h).
 */
enum err accounts_sessions_end(struct db *db, struct str user, struct str sid,
			       struct str address, int64_t *device_version,
			       struct why *why);

/* To change the password: as the steps of a login (store/logins.h). */
struct accounts_password {
	int64_t wait;
	char name[256];
	char hash[256];
	int64_t version;
};

enum err accounts_password_begin(struct db *db, struct str user, struct str address,
				 struct accounts_password *row, bool *found,
				 struct why *why);
enum err accounts_password_failed(struct db *db, struct str user, struct str address,
				  struct why *why);
enum err accounts_password_unjudged(struct db *db, struct str user, struct why *why);

/*
 * `tell` it to the user's verified address, if there is one, by mail. `programs`: the
 * tokens for programs end as well.
 * `*device_version` is for a new secret of the present device. 0: the password changed
 * meanwhile or the session is over, and nothing was stored.
 */
enum err accounts_password_end(struct db *db, struct str user, int64_t version,
			       struct str hash, struct str sid, struct str address,
			       bool tell, bool programs, int64_t *device_version,
			       struct why *why);

#endif
