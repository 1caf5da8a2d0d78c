/*
 * What admins see of the whole site (sql/functions/admin_site.sql). As in admin.h, with
 * another refusal than ADMIN_GRANTED nothing was done, and `*rows` is NULL.
 */
#ifndef ADMIN_SITE_H
#define ADMIN_SITE_H

#include "store/admin/admin.h"

/*
 * The roles after `after` that somebody holds. Columns: role, people, of them disabled,
 * it opens the admin pages, this admin may give it.
 */
enum err site_roles(struct db *db, struct str sid, struct str after, int64_t limit,
		    struct db_rows **rows, enum admin_refusal *refusal, struct why *why);

/* Of `n` roles, those that nobody holds. Column: role. */
enum err site_roles_free(struct db *db, struct str sid, const struct str *roles, size_t n,
			 struct db_rows **rows, enum admin_refusal *refusal,
			 struct why *why);

/* A person by name. Columns: name, roles (words), disabled. */
enum err site_person(struct db *db, struct str sid, struct str name,
		     struct db_rows **rows, enum admin_refusal *refusal, struct why *why);

/* Which rows of the audit. What is empty or 0 allows all. */
struct site_asked {
	struct str person; /* a name or an id */
	struct str event;
	int64_t since, until;         /* not before, and before; seconds since 1970 */
	int64_t before_at, before_id; /* the key of the last row of the page before */
	int64_t limit;
};

/*
 * Newest first. Columns: key's time, key's id, at, event (NULL: a row that was looked
 * at only), user id, name, actor, address, session, detail.
 */
enum err site_audit(struct db *db, struct str sid, const struct site_asked *asked,
		    struct db_rows **rows, enum admin_refusal *refusal, struct why *why);

/* Count a step of the audit by days. `*more`: it is not all counted yet. */
enum err site_count_days(struct db *db, struct str sid, bool *more,
			 enum admin_refusal *refusal, struct why *why);

/*
 * How often each of `n` events happened on each of the last `days`: first today, with
 * the events in their order, then the day before. Columns: day, event, number.
 */
enum err site_days(struct db *db, struct str sid, const struct str *events, size_t n,
		   int64_t days, struct db_rows **rows, enum admin_refusal *refusal,
		   struct why *why);

/*
 * Who has to wait. Columns: key, kind (NULL: a row that was looked at only), bucket,
 * user id, name, address, refused tries, seconds to wait, this admin may unlock it.
 */
enum err site_throttled(struct db *db, struct str sid, struct str after, int64_t limit,
			struct db_rows **rows, enum admin_refusal *refusal,
			struct why *why);

enum site_unlocked { SITE_UNLOCK_GONE = 0, SITE_UNLOCK_RIGHTS, SITE_UNLOCKED };

/* `address` is that of the admin, for the audit. */
enum err site_unlock(struct db *db, struct str sid, struct str bucket, struct str address,
		     enum site_unlocked *unlocked, enum admin_refusal *refusal,
		     struct why *why);

struct site_figures {
	int64_t people, disabled;
	int64_t roles; /* 1001: more than 1000 */
	int64_t mail_waiting, mail_failing, mail_given_up;
	int64_t mail_late; /* for so many seconds the oldest mail has been due */
};

enum err site_status(struct db *db, struct str sid, struct site_figures *figures,
		     enum admin_refusal *refusal, struct why *why);

#endif
