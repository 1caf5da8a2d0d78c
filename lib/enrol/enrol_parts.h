/* Shared by the files of this room. Nobody else includes this. */
#ifndef ENROL_PARTS_H
#define ENROL_PARTS_H

#include "crypto/hash.h"
#include "enrol/enrol.h"
#include "factor/recovery.h"
#include "store/factor/factors.h"
#include "store/oauth/request_origin.h"
#include "ticket/ticket.h"

#define ENROL_FORM_PURPOSE "factor" /* purpose of its token: access/csrf.h */

/* Who sets up. Zero: nobody. */
enum enrol_kind {
	ENROL_NOBODY = 0,
	ENROL_LINK, /* a link, in a cookie, that was not used yet */
	ENROL_FLOW, /* a login, or what came of a link (`linked`) */
	ENROL_SESSION
};

/* Owns no memory. `by` and `binding` borrow from it and from the request. */
struct enrol {
	enum enrol_kind kind;
	struct str binding; /* what the form's token is bound to */
	struct str return_to;

	char link[UUID_SIZE]; /* of ENROL_LINK: the id of its row */

	/* of ENROL_FLOW and ENROL_SESSION: */
	char user[UUID_SIZE];
	char name[256];
	unsigned ways; /* that the user has: a set of enum factors_way */
	bool has_password;
	bool linked;      /* the session has to be opened by another login */
	bool needs_link;  /* a link to the verified address comes first */
	bool needs_proof; /* a factor that is there has to be proven first */
	bool over;        /* of ENROL_NOBODY: the login has to begin anew */
	bool stale_login, stale_factor;
	struct factors_sealed set_up; /* of the app that is being set up */
	struct factors_by by;

	/* what `by` borrows from */
	unsigned char flow[SHA256_SIZE];
	char sid[UUID_SIZE];
	struct str ticket; /* of the flow */
};

/* Find out. One statement at most. */
enum err enrol_find(struct app *app, const struct request *req, struct enrol *e,
		    struct why *why);

/* The cookie that holds a link until it is used. */
struct cookie enrol_cookie_link(const struct config *config);

/* The id of the link, if `text` is one that was made here. */
enum err enrol_link_read(struct app *app, struct str text, char id[UUID_SIZE],
			 bool *good);

/* The link was opened: put it into the cookie. */
void enrol_link_arrive(struct app *app, const struct request *req, struct response *res,
		       struct str text, struct str return_to);

/* The button of the page behind it was pressed: use it. */
void enrol_link_use(struct app *app, const struct request *req, struct response *res,
		    const struct enrol *e);

/* Mail one to the user of a flow that needs it. */
void enrol_link_mail(struct app *app, const struct request *req, struct response *res,
		     const struct enrol *e);

/* ---- the app for one-time codes ---- */

/* Make a secret, and lead to the page that shows it. */
void enrol_totp_begin(struct app *app, const struct request *req, struct response *res,
		      const struct enrol *e);

/* That page. `problem`: a phrase's key, or NULL. */
void enrol_totp_show(struct app *app, const struct request *req, struct response *res,
		     const struct enrol *e, int status, const char *problem);

/* The first code. */
void enrol_totp_confirm(struct app *app, const struct request *req, struct response *res,
			const struct enrol *e, struct str code);

/* ---- a factor that is there ---- */

/* Who came by a link shows a code of a factor that is there. */
struct enrol_prove {
	int status;
	const char *problem; /* a phrase's key, or NULL */
	int64_t wait;        /* seconds, for a problem that says how long to wait */
};

void enrol_prove_show(struct app *app, const struct request *req, struct response *res,
		      const struct enrol *e, const struct enrol_prove *prove);
void enrol_prove(struct app *app, const struct request *req, struct response *res,
		 const struct enrol *e, struct str code);

/* ---- passkeys ---- */

/* Append the options to make one, if the site has passkeys. The page gets the script. */
enum err enrol_passkey_options(struct app *app, const struct request *req,
			       struct response *res, const struct enrol *e,
			       struct buf *json, struct why *why);

/* Append the name that is proposed for it, such as "Chrome on Linux". */
void enrol_passkey_name(const struct request *req, struct buf *name);

/* What the browser has made. */
void enrol_passkey(struct app *app, const struct request *req, struct response *res,
		   const struct enrol *e, struct str json, struct str name);

/* ---- after a set-up ---- */

/* New recovery codes for the user of `e`, and their hashes in `hashes`. */
enum err enrol_codes_new(const struct enrol *e, struct recovery codes[RECOVERY_CODES],
			 struct str hashes[RECOVERY_CODES]);

/* New codes in place of the old ones, and show them. */
void enrol_recovery(struct app *app, const struct request *req, struct response *res,
		    const struct enrol *e);

/*
 * Answer for what the database said of a set-up. With FACTORS_SET_OK the login goes on
 * and its session opens, or the session gets its new cookies. `codes` are shown if they
 * were stored; NULL: they were not.
 */
void enrol_answer(struct app *app, const struct request *req, struct response *res,
		  const struct enrol *e, enum factors_set set,
		  const struct recovery *codes);

/* ---- pages ---- */

/* The page from which everything begins. */
void enrol_page(struct app *app, const struct request *req, struct response *res,
		const struct enrol *e, int status, const char *problem);

/*
 * Append the token of a form of this room; nothing for ENROL_NOBODY. Find the client to
 * which the form may lead in the end (entry/login_asker.h). False: a 503 is written.
 */
bool enrol_form(struct app *app, const struct request *req, struct response *res,
		const struct enrol *e, struct buf *token, struct request_origin *asker);

/* A page that says what happened, with one button. Keys of phrases, and addresses. */
struct enrol_note {
	int status;
	const char *heading, *lead;
	const char *next;   /* NULL: nothing more */
	const char *what;   /* `do` of the form that the button sends; NULL: … */
	const char *target; /* … it leads here, with return_to */
	const char *button;
	bool plain; /* to `target` without return_to */
};

void enrol_note(struct app *app, const struct request *req, struct response *res,
		const struct enrol *e, const struct enrol_note *note);

/* 303 to `url` with ?return_to= this page, which itself leads back to e->return_to. */
void enrol_lead_and_back(struct response *res, const char *url, const struct enrol *e);

/* 503, with the reason in the log. */
void enrol_unavailable(struct app *app, const struct request *req, struct response *res,
		       enum err e, const struct why *why);

#endif
