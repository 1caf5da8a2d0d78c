/*
 * What the server may spend on a program: how long a statement runs, waits for a
 * lock, leaves a transaction open. A connection sets it for itself, unless its role
 * carries it: a pooler in transaction mode keeps the settings of a role and loses,
 * or gives to somebody else, those of a session.
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
 * One row, whose first columns are the number of the schema and the checksum of its
 * functions. $1: milliseconds for a statement. $2: whether to set the limits although
 * the role carries some.
 */
extern const char limits_sql[];

/* The statements that are missing for `role` to carry them; empty: none. */
enum err limits_missing(struct db *raw, struct str role, struct buf *sql,
			struct why *why);

/*
 * Let `role` carry the limits of a program in this database. Where they may not be
 * set the error is not ERR_OK, and `sql` holds the statements for somebody who may;
 * it is empty when the role carried them already.
 */
enum err limits_carry(struct db *raw, struct str role, struct buf *sql, struct why *why);

#endif
