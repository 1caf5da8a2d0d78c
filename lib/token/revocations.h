/*
 * The revocation file: which sessions have ended although tokens of theirs have
 * not run out. Verifying programs read it, so that a logged-out token dies at
 * once on this host without a database query; login, account and the
 * operator's command write it.
 *
 * It is text in records of 50 bytes, so that it can be searched as it is:
 *
 *   doorward-revocations 1 000000002 001795464000     how many, when written
 *   0c1d2e3f-4a5b-4c6d-8e7f-901234567890 001795467600 sid, until when
 *
 * (each padded with spaces and ended by a line feed; sorted by sid). A sid of zeros
 * may stand first: the tokens of logins that were issued up to its time have ended.
 *
 * A file that is missing, unreadable, cut short, out of order or writable by
 * everyone refuses every token: silence must not mean that nobody logged out.
 */
#ifndef REVOCATIONS_H
#define REVOCATIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "base/watch.h"

#define REVOCATIONS_RECORD 50
#define REVOCATIONS_MAX 335000 /* records; `doorward status` warns at half */
#define REVOCATIONS_BYTES ((REVOCATIONS_MAX + 2) * REVOCATIONS_RECORD)

/*
 * How long a login's token can live at most, and how long its sid is kept: the
 * constants of doorward.sid_reach (sql/functions/revocations.sql), in seconds.
 */
#define REVOCATIONS_LOGIN_LIFE 86400
#define REVOCATIONS_LOGIN_REACH (REVOCATIONS_LOGIN_LIFE + 360)

/* A record of this sid says: login's tokens issued up to then have ended. */
#define REVOCATIONS_FLOOR_SID "00000000-0000-0000-0000-000000000000"

struct revocations {
	const char *path; /* borrowed */
	int64_t max_age;  /* seconds since it was written; 0: any */
	struct buf bytes;
	size_t n; /* records after the head */
	int64_t written;
	int64_t floor; /* login's tokens issued up to then have ended; 0: no such time */
	struct watch watch;
	int64_t say_ms; /* when to say again that it is too old */
};

enum revocations_answer {
	REVOCATIONS_FAILED = 0, /* the file cannot be used: refuse, 503 */
	REVOCATIONS_ENDED,      /* the session has ended: refuse, 401 */
	REVOCATIONS_NONE        /* not revoked */
};

/* A sid that can be revoked: a UUID in small letters, and not the one of zeros. */
bool revocations_is_sid(struct str sid);

void revocations_init(struct revocations *r, const char *path, int64_t max_age);
void revocations_done(struct revocations *r);

/*
 * Look `sid` up at `now` (seconds since 1970). One stat(2) a call; the file is
 * read again when it is another one than before (base/watch.h). `sid` is a UUID in lower-case
 * text form; a sid of any other form is never revoked.
 */
enum revocations_answer revocations_check(struct revocations *r, struct str sid,
					  int64_t now);

/*
 * Whether a token that was issued at `iat` and runs out at `exp` has ended because
 * the list became too long (revocations_merge.h), by the file of the last check.
 * One that lives for longer than any login's is never meant.
 */
bool revocations_covers(const struct revocations *r, int64_t iat, int64_t exp);

/*
 * For the writer: read the file now, and what it holds: nothing on an error.
 * `why` may be NULL. The record of REVOCATIONS_FLOOR_SID is one of the n.
 */
enum err revocations_load(struct revocations *r, struct why *why);
bool revocations_lists(const struct revocations *r, struct str sid);
struct str revocations_sid(const struct revocations *r, size_t i);
int64_t revocations_until(const struct revocations *r, size_t i);

/*
 * Append the file's head and one record; for the writer, which gives the
 * records in ascending order.
 */
void revocations_write_head(struct buf *out, size_t n, int64_t now);
void revocations_write(struct buf *out, struct str sid, int64_t until);

#endif
