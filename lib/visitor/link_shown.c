#include "visitor/link_shown.h"

#include "access/urls.h"
#include "config/config.h"
#include "http/cookie.h"
#include "page/ways_in.h"
#include "serve/power_database.h"
#include "serve/power_links.h"

static enum link_shown_state
state_of(enum link_state state)
{
	static const enum link_shown_state states[] = {
		[LINK_UNKNOWN] = LINK_SHOWN_UNKNOWN, [LINK_GOOD] = LINK_SHOWN_GOOD,
		[LINK_USED] = LINK_SHOWN_USED,       [LINK_EXPIRED] = LINK_SHOWN_EXPIRED,
		[LINK_DEAD] = LINK_SHOWN_DEAD,
	};

	return states[state];
}

enum err
link_shown_read(struct app *app, struct str text, struct link_shown *shown,
		struct why *why)
{
	struct links_key key;
	enum err e;

	*shown = (struct link_shown){ .state = LINK_SHOWN_NONE,
				      .ticket.kind = TICKET_KINDS };
	e = link_ticket_read(app_mail_key(app), app->now, text, &shown->ticket);
	if (e != ERR_OK)
		return why_set(why, e, "a link could not be read");
	if (shown->ticket.told != LINK_TICKET_OURS) {
		shown->state = shown->ticket.told == LINK_TICKET_CUT ? LINK_SHOWN_CUT
								     : LINK_SHOWN_FOREIGN;
		return ERR_OK;
	}
	key = link_ticket_key(&shown->ticket);
	if ((e = links_peek(app_db(app), &key, &shown->link, why)) != ERR_OK)
		return e;
	shown->state = state_of(shown->link.state);
	if (shown->state == LINK_SHOWN_GOOD && key.kind == TICKET_INVITE &&
	    !(shown->link.self ? ways_in_register : ways_in_invited)(app->config))
		shown->state = LINK_SHOWN_CLOSED;
	return ERR_OK;
}

/* ---- the cookie ---- */

static struct cookie
cookie_of(const struct app *app)
{
	return (struct cookie){ .name = "doorward-link",
				.path = URL_ACCOUNT_LINK,
				.plain_http = app->config->plain_http };
}

struct str
link_shown_cookie(const struct app *app, const struct request *req)
{
	struct cookie c = cookie_of(app);

	return cookie_get(req, &c);
}

void
link_shown_keep(struct app *app, struct response *res, struct str text)
{
	struct cookie c = cookie_of(app);

	cookie_put(res, &c, text, LINK_COOKIE_LIFE);
}

void
link_shown_drop(struct app *app, struct response *res)
{
	struct cookie c = cookie_of(app);

	cookie_drop(res, &c);
}
