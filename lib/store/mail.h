/*
 * Mails to be sent (sql/functions/mail.sql). A row never holds a link. The link is
 * computed from its id when the mail is sent (ticket/ticket.h).
 */
#ifndef MAIL_H
#define MAIL_H

#include "db/db.h"
#include "store/sessions.h"

struct mail {
	struct str template;  /* of share/mail, without its ending: small letters, - */
	struct str language;  /* "de"; empty: the site's */
	struct str recipient; /* an address */
	struct str link;      /* the id of the link that it carries; empty: none */
	struct str user;      /* the id of whom it is about; empty: nobody yet */
	struct str data;      /* a JSON object of what else its template says; or empty */
};

/*
 * Add a mail that is due now. ERR_SYNTAX if the recipient is no address that may be
 * mailed to, or if template or language do not exist. ERR_NOT_FOUND if link or user do
 * not exist.
 */
enum err mail_add(struct db *db, const struct mail *mail, struct why *why);

/*
 * Store what somebody typed, sealed (mail/mail_request.h), for the worker to decide
 * about. `*wait` is 0, or the seconds after which this network address may ask again;
 * nothing was stored then. It makes no difference here who is meant, or whether there
 * is such a user.
 */
enum err mail_request_add(struct db *db, const char *request, struct str language,
			  struct str sealed, struct str address, int64_t *wait,
			  struct why *why);

/* ---- the worker, as the role mail ---- */

/*
 * One worker at a time: `*mine` until mail_unlock, or until the connection ends; false:
 * another one is at work.
 */
enum err mail_lock(struct db *db, bool *mine, struct why *why);
enum err mail_unlock(struct db *db, struct why *why);

#define MAIL_TEMPLATE 33 /* with its NUL, as all of these */
#define MAIL_LANGUAGE 20
#define MAIL_RECIPIENT 255
#define MAIL_NAME 256
#define MAIL_DATA 4097
#define MAIL_KIND 33
#define MAIL_SEALED 1024

struct mail_taken {
	int64_t id;
	char template[MAIL_TEMPLATE];
	char language[MAIL_LANGUAGE]; /* empty: the site's */
	char recipient[MAIL_RECIPIENT];
	char data[MAIL_DATA];
	int64_t created_at;
	char name[MAIL_NAME]; /* of whom it is about; may be empty */
	char kind[MAIL_KIND]; /* of the link that it carries; empty: none */
	char link[UUID_SIZE];
	int64_t ends_at; /* of that link */
};

/* The next one that is due; nobody else gets it for five minutes. `*found`: there is one. */
enum err mail_take(struct db *db, struct mail_taken *mail, bool *found, struct why *why);

enum mail_outcome {
	MAIL_LATER = 0, /* it was not sent: try again, or give up in time */
	MAIL_NEVER,     /* it was refused for good */
	MAIL_SENT
};

/* What came of it; `failure` says why, without a secret. One that has gone is no error. */
enum err mail_settle(struct db *db, int64_t id, enum mail_outcome outcome,
		     struct str failure, struct why *why);

struct mail_request {
	int64_t id;
	char request[MAIL_TEMPLATE];
	char language[MAIL_LANGUAGE];
	unsigned char sealed[MAIL_SEALED];
	size_t n_sealed;
};

/* The next request; nobody else gets it for five minutes. */
enum err mail_request_take(struct db *db, struct mail_request *request, bool *found,
			   struct why *why);

/* What decides about a request besides what was typed. */
struct mail_rules {
	bool open; /* may anybody register? */
	const struct str *domains;
	size_t n_domains; /* 0: of any */
	const struct str *roles;
	size_t n_roles;
};

/*
 * Decide it, with its mail or without one, and be done with it. `typed` empty: it could not
 * be unsealed.
 */
enum err mail_request_decide(struct db *db, int64_t id, struct str typed,
			     const struct mail_rules *rules, struct why *why);

/* ---- the programs ---- */

/*
 * `*wanted`: something is due, and no program has started a worker within ten seconds; this
 * one counts as the one that does.
 */
enum err mail_wanted(struct db *db, bool *wanted, struct why *why);

/* ---- the operator ---- */

/* Columns: id, state, template, recipient, created at, due at, tries, failure. */
enum err mail_list(struct db *db, struct db_rows **rows, struct why *why);

/* Due now: this one, or with 0 each that waits. `*n`: how many those are. */
enum err mail_retry(struct db *db, int64_t id, struct str actor, int64_t *n,
		    struct why *why);

/* `*known` false: there is none. */
enum err mail_drop(struct db *db, int64_t id, struct str actor, bool *known,
		   struct why *why);

/* One row: waiting, failing of these, given up, requests, seconds late. */
enum err mail_status(struct db *db, struct db_rows **rows, struct why *why);

#endif
