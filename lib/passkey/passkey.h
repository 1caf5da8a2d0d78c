/*
 * Passkeys of the site: what a browser is asked, and how its answer is judged. No HTTP.
 *
 * A judged answer has used nothing up. The statement that opens the session, or stores
 * the new passkey, remembers the challenge and compares the counter again.
 */
#ifndef PASSKEY_H
#define PASSKEY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "passkey/challenge.h"
#include "store/factor/passkeys.h"

/* From the settings; the same at every call. */
struct passkey_site {
	struct db *db;
	struct str secret; /* the session secret */
	struct str rp_id;
	struct str name; /* of the site */
	const char *const *origins;
	size_t n_origins;
};

/* For whom a browser is asked. */
struct passkey_person {
	struct str user; /* a UUID; empty: anybody who has a passkey here */
	struct str name; /* to make one; the user may have no password (`alone`) */
	bool alone;
};

/*
 * Append the options with which the browser of the form cookie `binding` asks for a
 * passkey of `user`, as JSON. `user` empty: for any passkey, and no statement is made.
 * Nothing is appended if the user has none.
 */
enum err passkey_ask(const struct passkey_site *site, struct str binding, int64_t now,
		     struct str user, struct buf *json, struct why *why);

/* Append the options to make one. */
enum err passkey_ask_new(const struct passkey_site *site, struct str binding, int64_t now,
			 const struct passkey_person *person, struct buf *json,
			 struct why *why);

/* What came back. */
struct passkey_answer {
	struct str json;    /* RegistrationResponseJSON or AuthenticationResponseJSON */
	struct str binding; /* the form cookie; empty: none */
	int64_t now;
};

/* Zero is refused. */
struct passkey_judged {
	bool good;
	const char *reason; /* a word for the log; NULL when good */
	struct passkeys_row row;
	struct challenge challenge;
	int64_t counter; /* the statement that uses it refuses one that did not grow */
	bool backed_up, verified;
};

/*
 * Judge the answer of a passkey of `user`, or of anybody if that is empty; the passkey
 * must then have verified its user and name them. One statement, and at most one
 * signature is verified. If it is refused, `why` says more than `reason`, without
 * secrets.
 */
enum err passkey_judge(const struct passkey_site *site, struct str user,
		       const struct passkey_answer *answer, struct passkey_judged *judged,
		       struct why *why);

/* For the statement that uses it up. Borrows from `judged`. */
struct factors_proof passkey_proof(const struct passkey_judged *judged);

/* A new passkey. */
struct passkey_new {
	const struct passkey_answer *answer;
	const struct factors_by *by;
	struct str name; /* the person's word for it */
	bool alone;      /* there is no password: it must have verified its user */
	const struct str
		*codes; /* FACTORS_CODES hashes, in case it is the first factor */
};

/*
 * Judge the answer and store the passkey. `*good` false: the answer is refused, and
 * nothing was stored; see `why`. Otherwise `set` and `codes_stored` are those of
 * passkeys_add.
 */
enum err passkey_make(const struct passkey_site *site, const struct passkey_new *made,
		      bool *good, enum factors_set *set, bool *codes_stored,
		      struct why *why);

#endif
