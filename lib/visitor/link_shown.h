/*
 * A link that a browser shows, in its address or in the cookie into which it was put,
 * and what is known about it.
 */
#ifndef LINK_SHOWN_H
#define LINK_SHOWN_H

#include "http/request.h"
#include "http/response.h"
#include "serve/app.h"
#include "visitor/link_ticket.h"

#define LINK_COOKIE_LIFE 600 /* seconds */

/* Zero opens nothing. */
enum link_shown_state {
	LINK_SHOWN_NONE = 0, /* the browser has none */
	LINK_SHOWN_CUT,
	LINK_SHOWN_FOREIGN,
	LINK_SHOWN_UNKNOWN, /* as in enum link_state */
	LINK_SHOWN_USED,
	LINK_SHOWN_EXPIRED,
	LINK_SHOWN_DEAD,
	LINK_SHOWN_CLOSED, /* the setting `registration` allows no links */
	LINK_SHOWN_GOOD
};

struct link_shown {
	enum link_shown_state state;
	struct link_ticket ticket;
	struct link link;
};

/* Find out what `text` is. One query for a link of ours, none for other text. */
enum err link_shown_read(struct app *app, struct str text, struct link_shown *shown,
			 struct why *why);

/* The text in the cookie, or empty. Borrows from `req`. */
struct str link_shown_cookie(const struct app *app, const struct request *req);

void link_shown_keep(struct app *app, struct response *res, struct str text);
void link_shown_drop(struct app *app, struct response *res);

#endif
