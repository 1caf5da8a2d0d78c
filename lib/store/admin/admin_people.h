/* Lists of people for the admin pages (sql/functions/admin_people.sql). */
#ifndef ADMIN_PEOPLE_H
#define ADMIN_PEOPLE_H

#include "store/admin/admin.h"

#define ADMIN_PEOPLE_PAGE 50 /* times that a page finds somebody */
#define ADMIN_PEOPLE_MOST 1000

/* Which people. An empty value does not restrict. */
struct admin_people_asked {
	struct str q;     /* the beginning of a name or an address */
	struct str role;  /* one that they have */
	struct str state; /* enabled or disabled; another word counts as none */
	struct str after; /* a place that an earlier page ended with; any text is one */
	int64_t limit;    /* 1 to ADMIN_PEOPLE_MOST */
};

/*
 * In the order of names, or with `q` of names and addresses. Columns: id, name, display
 * name, address, roles (words), disabled, next (the place of the next page, the same in
 * each row; NULL: there is none).
 */
enum err admin_people(struct db *db, struct str sid,
		      const struct admin_people_asked *asked, struct db_rows **rows,
		      enum admin_refusal *refusal, struct why *why);

#endif
