/*
 * Decides which statements are prepared on the present connection: those that it has
 * used before, so that the server need not parse and plan them again. A statement's
 * name is made from its text. So if a pooler hands one server connection to several of
 * our processes, a name means the same statement for all. Once a pooler has shown that
 * it does not keep statements, none is prepared any more, also on later connections.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "db/db_private.h"

#define USES_BEFORE 2 /* a connection of plain CGI sees each statement once */

static struct db_statement *
find(struct db *db, const char *sql)
{
	for (size_t i = 0; i < db->n_statements; i++)
		if (db->statements[i].sql == sql)
			return &db->statements[i];
	if (db->n_statements == DB_STATEMENTS_MAX)
		return NULL;
	db->statements[db->n_statements] = (struct db_statement){ .sql = sql };
	return &db->statements[db->n_statements++];
}

/* FNV-1a. It need not resist attacks, because only we choose these texts. */
static void
name_it(struct db_statement *s)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (const char *p = s->sql; *p != '\0'; p++)
		hash = (hash ^ (unsigned char)*p) * UINT64_C(0x100000001b3);
	snprintf(s->name, sizeof(s->name), "doorward_%016" PRIx64, hash);
}

struct db_statement *
db_statement(struct db *db, const char *sql)
{
	struct db_statement *s;

	if (db->raw || db->pooled || (s = find(db, sql)) == NULL ||
	    ++s->uses <= USES_BEFORE)
		return NULL;
	if (s->name[0] == '\0')
		name_it(s);
	return s;
}

bool
db_is_state(const PGresult *result, const char *state)
{
	const char *theirs = PQresultErrorField(result, PG_DIAG_SQLSTATE);

	return theirs != NULL && strcmp(theirs, state) == 0;
}

/*
 * 26000: no such statement. 42P05: there is already one. A pooler that does not know
 * about prepared statements has given us another server connection.
 */
bool
db_is_statement_lost(const PGresult *result)
{
	return db_is_state(result, "26000") || db_is_state(result, "42P05");
}
