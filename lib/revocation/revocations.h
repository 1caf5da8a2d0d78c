/*
 * The revocation files list sessions that have ended although some of their tokens
 * have not expired. Verifying programs read them, so a token is refused on this host
 * at once after its logout, without a database query. login, account and the
 * operator's command write them.
 *
 * There are two, so that the many long-lived entries need not be written again at each
 * logout:
 *
 *   PATH        soon: those that were to end within a day (REVOCATIONS_SOON) when they
 *               were written, like every session of a login
 *   PATH.later  later: the others, like the tokens of programs
 *
 * Both are mapped. A search touches a few of their lines, and each line has a check of
 * its own (revocations_view.h), so its time hardly depends on how many there are.
 *
 * In the first file a sid of zeros may come first: the tokens of logins that were
 * issued up to its time have ended.
 *
 * Every token is refused if one of the files is missing, unreadable, incomplete or
 * writable by everyone, if the two do not belong together, or if a line that the
 * search touches is damaged: sessions may have ended that they do not list. A file of
 * version 1 at PATH lists everything by itself; the other file is then not looked at.
 */
#ifndef REVOCATIONS_H
#define REVOCATIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "base/watch.h"
#include "revocation/mapped_file.h"
#include "revocation/revocations_view.h"

#define REVOCATIONS_PATH_MAX 4096

/*
 * The longest life of a login's token, and how long its sid is kept, in seconds. These
 * are the constants of doorward.sid_reach (sql/functions/revocations.sql).
 */
#define REVOCATIONS_LOGIN_LIFE 86400
#define REVOCATIONS_LOGIN_REACH (REVOCATIONS_LOGIN_LIFE + 360)

/*
 * What ends within this time is listed in the first file: every sid of a login, also
 * if the database's clock is ahead of ours.
 */
#define REVOCATIONS_SOON (REVOCATIONS_LOGIN_REACH + 3600)

/*
 * A record with this sid means that all tokens of logins issued up to its time have
 * ended.
 */
#define REVOCATIONS_FLOOR_SID "00000000-0000-0000-0000-000000000000"

struct revocations_part {
	struct mapped_file file;
	struct revocations_view view;
};

struct revocations {
	const char *path; /* borrowed */
	int64_t max_age;  /* seconds since the first file was written; 0: any */
	struct revocations_part soon, later;
	int64_t floor; /* tokens of logins issued up to this time have ended; 0: no such
		        * time */
	struct watch watch;
	int64_t look_ms; /* when to look at the path of the second file again */
	int64_t say_ms;  /* when to log again what is wrong */
};

enum revocations_answer {
	REVOCATIONS_FAILED = 0, /* the files cannot be used: refuse, 503 */
	REVOCATIONS_ENDED,      /* the session has ended: refuse, 401 */
	REVOCATIONS_NONE        /* not revoked */
};

/* True for a sid that can be revoked: a UUID in lower case that is not all zeros. */
bool revocations_is_sid(struct str sid);

/* The path of the second file. False if it would be too long. */
bool revocations_later_path(const char *path, char later[REVOCATIONS_PATH_MAX]);

void revocations_init(struct revocations *r, const char *path, int64_t max_age);
void revocations_done(struct revocations *r);

/*
 * Look `sid` up at `now` (seconds since 1970). Each call makes one stat(2) and one
 * fstat(2). A file is mapped again if it was replaced or has changed. `sid` is a UUID
 * in lower case. A sid of any other form is never revoked.
 */
enum revocations_answer revocations_check(struct revocations *r, struct str sid,
					  int64_t now);

/*
 * True if a token issued at `iat` and valid until `exp` has ended because the list
 * became too long (revocations_merge.h), according to the files of the last check. A
 * token with a longer life than a login's is never affected.
 */
bool revocations_covers(const struct revocations *r, int64_t iat, int64_t exp);

/* Map both files now. After an error `r` lists nothing. `why` may be NULL. */
enum err revocations_load(struct revocations *r, struct why *why);

/* Of files that are loaded: check every record, as a search would if it touched it. */
enum err revocations_check_all(const struct revocations *r, struct why *why);

/* Of files that are loaded. REVOCATIONS_DAMAGED: it is not known. */
enum revocations_found revocations_find(const struct revocations *r, struct str sid);

/* How many records both files have, with that of the floor. */
size_t revocations_count(const struct revocations *r);

/* True if one of them holds half of what it can hold. */
bool revocations_is_half_full(const struct revocations *r);

#endif
