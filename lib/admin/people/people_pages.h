/* The handlers of the pages about people, and what they share. */
#ifndef PEOPLE_PAGES_H
#define PEOPLE_PAGES_H

#include "admin/admin_pages.h"
#include "store/admin/admin_enter.h"
#include "ticket/ticket.h"

/* ---- handlers ---- */

/* GET /admin/people: a list, by prefix of name or address, role and state. */
void people_list(struct app *app, const struct request *req, struct response *res,
		 const struct visit *visit);

/* GET and POST /admin/person: everything about one person, and what is done to them. */
void person_show(struct app *app, const struct request *req, struct response *res,
		 const struct visit *visit);
void person_post(struct app *app, const struct request *req, struct response *res,
		 const struct visit *visit);

/* GET and POST /admin/people/add: somebody new, without a password. */
void people_add_show(struct app *app, const struct request *req, struct response *res,
		     const struct visit *visit);
void people_add_post(struct app *app, const struct request *req, struct response *res,
		     const struct visit *visit);

/* GET and POST /admin/people/invite. */
void people_invite_show(struct app *app, const struct request *req, struct response *res,
			const struct visit *visit);
void people_invite_post(struct app *app, const struct request *req, struct response *res,
			const struct visit *visit);

/*
 * GET and POST /admin/invitations: those that are open; mail one again, withdraw one.
 * GET /admin/invitations.csv: the first 5,000 of them, or 900 kB.
 */
void invitations_show(struct app *app, const struct request *req, struct response *res,
		      const struct visit *visit);
void invitations_file(struct app *app, const struct request *req, struct response *res,
		      const struct visit *visit);
void invitations_post(struct app *app, const struct request *req, struct response *res,
		      const struct visit *visit);

/* ---- shared by them ---- */

#define ROLES_TYPED_MAX 64 /* as many as the schema admits */

/* The content of a field `roles`: words, separated by blanks, commas or lines. */
struct roles_typed {
	struct str words[ROLES_TYPED_MAX + 1];
	size_t n;
};

/*
 * Read it. Words that occur twice count once. If there are more than the schema admits,
 * one more than that is stored, so that the database refuses them.
 */
void roles_typed_read(struct str text, struct roles_typed *roles);

/* A phrase that says why somebody cannot come in (admin_add, admin_invite). */
const char *people_problem(enum admin_entered outcome);

/*
 * A link that is shown to the admin, once. `text` is its ticket. The database gets
 * `hash`.
 */
struct shown_link {
	char text[TICKET_SIZE];
	unsigned char hash[SHA256_SIZE];
};

enum err shown_link_new(struct shown_link *link, struct why *why);
void shown_link_done(struct shown_link *link); /* wipes it */

/* 200 and the page with the link for the person `name`. */
void shown_link_send(struct app *app, const struct request *req, struct response *res,
		     const struct visit *visit, const struct shown_link *link,
		     struct str name);

/* After a form about the person `name`: lead to their page, which says what was done. */
void person_led(struct response *res, struct str name, const char *done);

#endif
