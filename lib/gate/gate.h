/*
 * The gate: may the visitor have what was asked for? The authorizer only answers this
 * question. files.fcgi then serves the file.
 *
 *   struct gate gate;
 *
 *   if (!gate_admits(&gate, app, req))
 *         gate_refuse(&gate, app, resp);
 *   else if (!gate_renews(&gate, app, resp))
 *         …
 *   gate_done(&gate);
 *
 * It decides on REQUEST_URI, which is what the client asked for. If the server made
 * another path of it (a rewrite, the target of an alias, an error page), a rule for
 * that path must agree, too. A server that passes one more rule (DOORWARD_RULE, set in
 * .htaccess) can only demand more.
 *
 * The program names power_verify, power_pages and power_rules.
 */
#ifndef GATE_H
#define GATE_H

#include <stdbool.h>

#include "access/access.h"
#include "base/buf.h"
#include "config/config.h"
#include "http/request.h"
#include "http/response.h"
#include "rules/rules.h"
#include "serve/power.h"
#include "token/guard.h"

extern const struct power power_rules; /* the rules of the settings file (gate_rules.c) */

struct gate {
	struct request asked;   /* the request that is decided on; borrowed */
	bool is_error_page;     /* Apache asks us to answer for a refused request */
	struct str file;        /* the file that the server has found for it; empty:
				 * none */
	struct buf path;        /* its canonical path */
	const char *path_wrong; /* why there is no path: a static phrase, or NULL */
	struct rule extra;      /* an additional rule from the server, if there is one */
	bool unreadable;        /* a rule could not be read: refuse */
	bool unresolved;        /* it is unknown where a path leads: refuse */
	enum access access;
	bool by_cookie;      /* its token came in the cookie */
	bool by_basic;       /* its token came as the password of Basic */
	struct identity who; /* filled in only with ACCESS_GRANTED */
	struct rules_verdict verdict;
};

/*
 * Decide. If we answer for Apache (`ErrorDocument 401`), the decision is about the
 * refused request, with its own method and file (REDIRECT_DOORWARD_FILE). Call
 * gate_done after either result.
 */
bool gate_admits(struct gate *g, struct app *app, const struct request *req);

/*
 * Answer a refused request: 400 for a path that could be read in two ways; 401 or a
 * redirect to the login for visitors who have not signed in, or not recently or strongly
 * enough (RFC 9470); 403 without the roles, with a way to another account; 405; 503. Visitors
 * who opened the page under another name of the site are sent to public_url first
 * (canonical.h).
 */
void gate_refuse(const struct gate *g, struct app *app, struct response *resp);

/*
 * True if an admitted visitor is first sent to have the token renewed (access_renew).
 * The answer is then complete.
 */
bool gate_renews(const struct gate *g, struct app *app, struct response *resp);
void gate_done(struct gate *g);

/*
 * The status that the server is about to answer with, if it asks for another address
 * to get the page of an error or of a redirect (Apache's ErrorDocument): 300 to 599. 0
 * if it does not.
 */
int gate_error_status(const struct request *req);

/*
 * Answer for the server, with its status, if it asks us for the page of anything but a
 * 401: a page, or {"error":…}. The Location of a redirect stays Apache's. False if it
 * does not ask for that.
 */
bool gate_answers_error(struct app *app, const struct request *req,
			struct response *resp);

/*
 * If the whole site is gated, Apache also asks the gate about our own error page. True
 * if the file to run is this program itself, to answer that.
 */
bool gate_is_own_page(const struct request *req);

#endif
