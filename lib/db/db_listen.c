#include <poll.h>

#include "base/clock.h"
#include "db/db_private.h"

static bool
take_notices(PGconn *conn)
{
	PGnotify *notice;
	bool any = false;

	while ((notice = PQnotifies(conn)) != NULL) {
		PQfreemem(notice);
		any = true;
	}
	return any;
}

static enum err
listen_anew(struct db *db, const char *channel, struct why *why)
{
	struct buf text;
	enum err e;

	buf_init(&text, 128);
	e = buf_addf(&text, "listen %s", channel)
		    ? db_query(db, buf_z(&text), NULL, NULL, why)
		    : ERR_LIMIT;
	buf_done(&text);
	return e;
}

enum err
db_listen(struct db *db, const char *channel, int64_t timeout_ms, struct why *why)
{
	int64_t deadline = clock_monotonic_ms() + timeout_ms;

	if (db->conn == NULL) /* notifications in between were lost: look at once */
		return listen_anew(db, channel, why);
	while (!take_notices(db->conn)) {
		if (!db_wait(db->conn, POLLIN, deadline))
			return ERR_OK;
		if (!PQconsumeInput(db->conn)) {
			db_why(why, ERR_DATABASE, "the database went away",
			       PQerrorMessage(db->conn));
			db_disconnect(db);
			return ERR_DATABASE;
		}
	}
	return ERR_OK;
}
