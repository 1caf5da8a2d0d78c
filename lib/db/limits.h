/*
 * Limits for what a program may take from the server: how long a statement runs, waits
 * for a lock, or leaves a transaction open. A connection sets the limits for itself,
 * unless its role carries them. A pooler in transaction mode keeps the settings of a
 * role. It loses those of a session, or passes them to somebody else.
 */
#ifndef LIMITS_H
#define LIMITS_H

#include "base/buf.h"
#include "db/db.h"

#define LIMITS_STATEMENT_MS (DB_DEADLINE_MS - 500) /* the server gives up before we do */
#define LIMITS_IDLE "10000"                        /* milliseconds in a transaction */
#define LIMITS_ISOLATION "read committed"
#define LIMITS_PATH "pg_catalog"

/*
 * One row. Its first columns are the number of the schema and the checksum of its
 * functions. $1: milliseconds for a statement. $2: set the limits even if the role
 * carries some.
 */
extern const char limits_sql[];

/*
 * The statements that `role` still needs to carry its limits. Empty if it carries
 * them.
 */
enum err limits_missing(struct db *raw, struct str role, struct buf *sql,
			struct why *why);

/*
 * Let `role` carry the limits of a program in this database. If we may not set them,
 * an error is returned, and `sql` holds the statements for somebody who may. `sql` is
 * empty if the role carried them already.
 */
enum err limits_carry(struct db *raw, struct str role, struct buf *sql, struct why *why);

#endif
