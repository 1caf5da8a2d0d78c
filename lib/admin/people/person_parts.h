/* The page of one person, for person_show.c and person_post.c. */
#ifndef PERSON_PARTS_H
#define PERSON_PARTS_H

#include "admin/people/people_pages.h"

/* Which field of a form is wrong. */
enum person_field {
	PERSON_FIELD_NONE = 0,
	PERSON_FIELD_ROLES,
	PERSON_FIELD_NAME,
	PERSON_FIELD_DISPLAY_NAME,
	PERSON_FIELD_ADDRESS
};

/* What is shown. A typed text with p NULL is as the database has it. */
struct person_view {
	struct str user; /* an id; empty: `name` says who */
	struct str name;
	int status;
	const char *problem; /* a phrase; NULL: there is none */
	enum person_field wrong;
	struct str typed_roles, typed_name, typed_display_name, typed_address;
};

/* Answer with the page, or with 404 if there is no such person. */
void person_send(struct app *app, const struct request *req, struct response *res,
		 const struct visit *visit, const struct person_view *view);

#endif
