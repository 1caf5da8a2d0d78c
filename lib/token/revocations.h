/*
 * The revocation file lists sessions that have ended although some of their tokens
 * have not expired. Verifying programs read it, so a token is refused on this host at
 * once after its logout, without a database query. login, account and the operator's
 * command write it.
 *
 * It is text in records of 50 bytes, so that it can be searched directly:
 *
 *   doorward-revocations 1 000000002 001795464000     how many, when written
 *   0c1d2e3f-4a5b-4c6d-8e7f-901234567890 001795467600 sid, until when
 *
 * Each record is padded with spaces and ends with a line feed. They are sorted by sid.
 * A sid of zeros may come first: the tokens of logins that were issued up to its time
 * have ended.
 *
 * If the file is missing, unreadable, incomplete, out of order or writable by
 * everyone, every token is refused: sessions may have ended that it does not list.
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
 * The longest life of a login's token, and how long its sid is kept, in seconds. These
 * are the constants of doorward.sid_reach (sql/functions/revocations.sql).
 */
#define REVOCATIONS_LOGIN_LIFE 86400
#define REVOCATIONS_LOGIN_REACH (REVOCATIONS_LOGIN_LIFE + 360)

/*
 * A record with this sid means that all tokens of logins issued up to its time have
 * ended.
 */
#define REVOCATIONS_FLOOR_SID "00000000-0000-0000-0000-000000000000"

struct revocations {
	const char *path; /* borrowed */
	int64_t max_age;  /* seconds since it was written; 0: any */
	struct buf bytes;
	size_t n; /* records after the head */
	int64_t written;
	int64_t floor; /* tokens of logins issued up to this time have ended; 0: no such
		        * time */
	struct watch watch;
	int64_t say_ms; /* when to say again that it is too old */
};

enum revocations_answer {
	REVOCATIONS_FAILED = 0, /* the file cannot be used: refuse, 503 */
	REVOCATIONS_ENDED,      /* the session has ended: refuse, 401 */
	REVOCATIONS_NONE        /* not revoked */
};

/* True for a sid that can be revoked: a UUID in lower case that is not all zeros. */
bool revocations_is_sid(struct str sid);

void revocations_init(struct revocations *r, const char *path, int64_t max_age);
void revocations_done(struct revocations *r);

/*
 * Look `sid` up at `now` (seconds since 1970). Each call makes one stat(2). The file
 * is read again if it was replaced (base/watch.h). `sid` is a UUID in lower case. A
 * sid of any other form is never revoked.
 */
enum revocations_answer revocations_check(struct revocations *r, struct str sid,
					  int64_t now);

/*
 * True if a token issued at `iat` and valid until `exp` has ended because the list
 * became too long (revocations_merge.h), according to the file of the last check. A
 * token with a longer life than a login's is never affected.
 */
bool revocations_covers(const struct revocations *r, int64_t iat, int64_t exp);

/*
 * For the writer: read the file and its records now. On an error the list is empty.
 * `why` may be NULL. The record of REVOCATIONS_FLOOR_SID is one of the n.
 */
enum err revocations_load(struct revocations *r, struct why *why);
bool revocations_lists(const struct revocations *r, struct str sid);
struct str revocations_sid(const struct revocations *r, size_t i);
int64_t revocations_until(const struct revocations *r, size_t i);

/*
 * For the writer: append the head of the file, and one record. The records must be in
 * ascending order.
 */
void revocations_write_head(struct buf *out, size_t n, int64_t now);
void revocations_write(struct buf *out, struct str sid, int64_t until);

#endif
