/*
 * The steps of a login in the database (sql/functions/logins.sql). Each is one call
 * and one transaction.
 */
#ifndef LOGINS_H
#define LOGINS_H

#include "db/db.h"
#include "store/sessions.h"

struct logins_row {
	int64_t wait;       /* seconds; above 0: refuse, and do not look at the members
			     * below */
	bool found;         /* the name is a user's */
	bool disabled;      /* true also when not found */
	char id[UUID_SIZE]; /* empty when not found */
	char hash[256];     /* empty when none */
	int64_t version;    /* of the password */
	bool device_known;
	int64_t device_version; /* for the secret of a device */
	unsigned ways; /* the user's factors: a set of enum factors_way (ways.h) */
	bool trusted;  /* but the device that was brought needs none */
	bool setup;    /* a factor is required, and there is none */
};

/* A device whose secret was verified (people/device.h). All empty: there is none. */
struct logins_device {
	struct str hash; /* a SHA-256 */
	struct str user;
	int64_t version;
};

/* Who wants to log in. The same in each step. */
struct logins_who {
	struct str name;        /* or address of mail, as it was typed */
	struct str by;          /* the setting login_by: name, address or both */
	struct str address;     /* of the client */
	const struct str *need; /* of whom a factor is required: roles, or the word all */
	size_t n_need;
};

/* Count the try and read the row. */
enum err logins_begin(struct db *db, const struct logins_who *who,
		      const struct logins_device *device, struct logins_row *row,
		      struct why *why);

/* Record that the try was refused. `reason` is a word for the audit table. */
enum err logins_failed(struct db *db, const struct logins_row *row, struct str address,
		       const char *reason, struct why *why);

/*
 * The password could not be checked: the try is not counted as a guess. `who` and
 * `device` as given to logins_begin.
 */
enum err logins_unjudged(struct db *db, const struct logins_row *row,
			 const struct logins_who *who, const struct logins_device *device,
			 struct why *why);

struct logins_session {
	struct logins_who who; /* as it was given to logins_begin */
	struct str agent;
	struct str device;  /* SHA-256 of one that is known, or empty */
	struct str refresh; /* SHA-256s; the second may be empty */
	struct str replaces;
	struct str new_hash;   /* empty: keep the old one */
	const struct str *amr; /* words: how the user proved who they are */
	size_t n_amr;
	bool remember;
	int64_t idle_seconds, life_seconds;
	bool browser;         /* by the form; else by JSON */
	int64_t sessions_max; /* of that kind */
	struct str news; /* of the mail about a new browser (JSON); empty: none is sent */
};

enum logins_opened {
	LOGINS_OVERTAKEN = 0, /* disabled, deleted or given another password since */
	LOGINS_WAIT,          /* the user has logged in too often: see `wait` */
	LOGINS_OPENED
};

#define LOGINS_LANGUAGE 17 /* bytes of a language's tag, with NUL */

struct logins_result {
	enum logins_opened outcome;
	int64_t wait; /* of LOGINS_WAIT: seconds, at least 1 */

	/* Of LOGINS_OPENED: */
	struct session session;
	char language[LOGINS_LANGUAGE]; /* that the user has chosen; may be empty */
	bool displaced; /* other sessions ended because of it: tell the verifiers */
};

/* The password was right: open the session. Nothing was stored unless LOGINS_OPENED. */
enum err logins_open(struct db *db, const struct logins_row *row,
		     const struct logins_session *s, struct logins_result *result,
		     struct why *why);

#endif
