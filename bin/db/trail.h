/*
 * The operator's trail: rows of the audit table about work outside of the database,
 * with keys and tokens. If the settings name no `database` there is no audit, and this
 * does nothing.
 *
 * An action that gives something away (a token, a private key) is recorded first. If
 * that fails, it is not done. An action that changes files is done first, because keys
 * work without a database and a stolen one must be ended at once. If its row cannot be
 * written, the command says so.
 *
 * If the database refuses root, the row is added as the user who owns keys and tables.
 * It names root.
 */
#ifndef TRAIL_H
#define TRAIL_H

#include "base/buf.h"
#include "base/str.h"
#include "config/config.h"

struct trail {
	const char *event;           /* its name in the audit */
	const struct config *config; /* NULL: the settings that this user may read, if
				      * any */
	const char *subject;         /* the id of the user it is about, or NULL */
	const char *sid;             /* or NULL */
	struct buf detail;           /* words: NAME=VALUE */
	bool keys;                   /* the signing keys were looked after: status */
};

void trail_init(struct trail *t, const char *event, const struct config *config);
void trail_done(struct trail *t); /* a second call is allowed */

/* Append NAME=VALUE to the detail. An empty value is left out. */
void trail_put(struct trail *t, const char *name, struct str value);

/* Does the private key with that thumbprint sign this site's tokens? */
bool trail_is_site_key(const char *thumbprint);

/* Add the row. False after a complaint: then nothing may be given away. */
bool trail_first(const struct trail *t);

/*
 * Add the row about something that is already done. Returns `status`, or after a
 * complaint COMMAND_UNRECORDED instead of COMMAND_OK. Without a detail nothing was
 * done.
 */
int trail_after(const struct trail *t, int status);

#endif
