/*
 * A link that a browser shows, by its address or in the cookie that it was put into, and what
 * is known of it.
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
	LINK_SHOWN_NONE = 0, /* the browser holds none */
	LINK_SHOWN_CUT,
	LINK_SHOWN_FOREIGN,
	LINK_SHOWN_UNKNOWN, /* as enum link_state */
	LINK_SHOWN_USED,
	LINK_SHOWN_EXPIRED,
	LINK_SHOWN_DEAD,
	LINK_SHOWN_CLOSED, /* nobody comes in by a link, says `registration` */
	LINK_SHOWN_GOOD
};

struct link_shown {
	enum link_shown_state state;
	struct link_ticket ticket;
	struct link link;
};

/* What `text` is. One question to the database for what is ours, none for the rest. */
enum err link_shown_read(struct app *app, struct str text, struct link_shown *shown,
			 struct why *why);

/* The text in the cookie, or empty. Borrows from `req`. */
struct str link_shown_cookie(const struct app *app, const struct request *req);

void link_shown_keep(struct app *app, struct response *res, struct str text);
void link_shown_drop(struct app *app, struct response *res);

#endif
