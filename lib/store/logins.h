/*
 * The steps of a login in the database (sql/006_login.sql): each one call,
 * one transaction.
 */
#ifndef LOGINS_H
#define LOGINS_H

#include "store/db.h"
#include "store/sessions.h"

struct logins_row {
	int64_t wait;       /* seconds; above 0: refuse, look at nothing below */
	bool found;         /* the name is a user's */
	bool disabled;      /* true also when not found */
	char id[UUID_SIZE]; /* empty when not found */
	char hash[256];     /* empty when none */
	int64_t version;    /* of the password */
	bool device_known;
};

/* Count the try and read the row. `device` is a SHA-256 or empty. */
enum err logins_begin(struct db *db, struct str name, struct str address,
		      struct str device, struct logins_row *row, struct why *why);

/* The try was refused. `reason` is a word for the audit table. */
enum err logins_failed(struct db *db, const struct logins_row *row, struct str address,
		       const char *reason, struct why *why);

struct logins_session {
	struct str name; /* as it was given to logins_begin */
	struct str address;
	struct str agent;
	struct str device;     /* SHA-256s, or empty */
	struct str new_device; /* empty when `device` is known */
	struct str refresh;
	struct str replaces;
	struct str new_hash; /* empty: keep the old one */
	bool remember;
	int64_t idle_seconds, life_seconds, token_seconds;
};

/*
 * The password was right: open the session. `*opened` is false when the user
 * was disabled, deleted or given another password since: nothing was stored.
 */
enum err logins_open(struct db *db, const struct logins_row *row,
		     const struct logins_session *s, struct session *session,
		     bool *opened, struct why *why);

#endif
