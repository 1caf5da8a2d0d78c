/*
 * The operator's trail: rows of the audit table about what is done outside of the
 * database, with keys and tokens. Where the settings name no `database` there is no
 * audit, and nothing of this does anything.
 *
 * What gives something away (a token, a private key) is written down first and not
 * done when it cannot be. What changes files is done first, as keys work without a
 * database and a stolen one must end at once; a row that is missing is said aloud.
 *
 * Where root is not let in by the database, the row is added as the user who owns keys
 * and tables; it names root.
 */
#ifndef TRAIL_H
#define TRAIL_H

#include "base/buf.h"
#include "base/str.h"
#include "config/config.h"

struct trail {
	const char *event;           /* its name in the audit */
	const struct config *config; /* NULL: those that this user may read, if any */
	const char *subject;         /* the id of the user whom it is about, or NULL */
	const char *sid;             /* or NULL */
	struct buf detail;           /* words: NAME=VALUE */
};

void trail_init(struct trail *t, const char *event, const struct config *config);
void trail_done(struct trail *t); /* a second call is allowed */

/* Append NAME=VALUE to the detail; an empty value is left out. */
void trail_put(struct trail *t, const char *name, struct str value);

/* Is the private key of that thumbprint one that signs this site's tokens? */
bool trail_is_site_key(const char *thumbprint);

/* Add the row. False after a complaint: then nothing may be given away. */
bool trail_first(const struct trail *t);

/*
 * Add the row about what is done already. Returns `status`, or COMMAND_UNRECORDED
 * after a complaint in place of COMMAND_OK. Without a detail nothing was done.
 */
int trail_after(const struct trail *t, int status);

#endif
