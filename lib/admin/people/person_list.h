/* The lists on the page of one person: sessions, factors, tokens for programs,
 * apps, links, events. */
#ifndef PERSON_LIST_H
#define PERSON_LIST_H

#include "page/page.h"
#include "page/phrases.h"
#include "store/admin/admin_person.h"

#define PERSON_ROWS_MAX 50 /* the database gives no more, or the rest is not shown */
#define PERSON_ROW_FIELDS 9

/* One row in the form for the template. The words are stored here. */
struct person_row {
	struct template_field fields[PERSON_ROW_FIELDS];
	struct counted_phrase ago;
	struct moment first, second;
};

struct person_part {
	struct db_rows *rows; /* what the fields point into */
	struct person_row shown[PERSON_ROWS_MAX];
	struct template_scope scopes[PERSON_ROWS_MAX];
	size_t n;
};

struct person_lists {
	struct person_part sessions, factors, programs, apps, links, events;
};

/*
 * Ask the database for the lists of the person `user`. `lists` is zero before. Call
 * person_lists_done in any case.
 */
enum err person_lists_read(struct db *db, struct str sid, struct str user, int64_t now,
			   struct person_lists *lists, enum admin_refusal *refusal,
			   struct why *why);
void person_lists_done(struct person_lists *lists);

/* Give them to the page, which borrows them. */
void person_lists_add(const struct person_lists *lists, struct page *page);

#endif
