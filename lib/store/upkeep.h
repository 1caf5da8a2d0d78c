/*
 * The audit table and the operator's housekeeping (sql/functions/upkeep.sql).
 */
#ifndef UPKEEP_H
#define UPKEEP_H

#include "db/db.h"

/*
 * An action of the operator: the event's name, the operator, the id of the user and
 * the sid that it is about, and a detail. Each of the last three may be empty.
 */
enum err upkeep_audit(struct db *db, const char *event, struct str actor,
		      struct str subject, struct str sid, struct str detail,
		      struct why *why);

/* Which rows of the audit. */
struct upkeep_asked {
	struct str name;          /* of the user they are about; empty: of all */
	const struct str *events; /* any of these */
	size_t n_events;          /* 0: all */
	int64_t since, until;     /* not before, and before; 0: ever */
	int64_t limit;
};

/*
 * Newest first. Columns: at, event, user id, name, actor, address, session, detail.
 */
enum err upkeep_audit_list(struct db *db, const struct upkeep_asked *asked,
			   struct db_rows **rows, struct why *why);

/* How many rows of each event there have been. Columns: event, number. */
enum err upkeep_figures(struct db *db, struct db_rows **rows, struct why *why);

/*
 * The open sessions of one user (an empty name: of all), last used first.
 * Columns: id, name, opened at, used at, ends at, address, user agent, remember, amr
 * (words), factor at (NULL: no factor was proven).
 */
enum err upkeep_sessions(struct db *db, struct str name, int64_t limit,
			 struct db_rows **rows, struct why *why);

/*
 * End a session by its id or one of its sids. `*known` is false if there is none.
 * `*ended` is false if there is none or it was already over.
 */
enum err upkeep_session_end(struct db *db, struct str id, struct str actor, bool *known,
			    bool *ended, struct why *why);

/* One row: users, disabled, open sessions, throttled accounts, revocations. */
enum err upkeep_status(struct db *db, struct db_rows **rows, struct why *why);

#endif
