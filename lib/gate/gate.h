/*
 * The gate: may whoever asks have what they ask for? The authorizer answers
 * with that alone; files.fcgi goes on to the file.
 *
 *   struct gate gate;
 *
 *   if (!gate_admits(&gate, app, req))
 *           gate_refuse(&gate, app, resp);
 *   else if (!gate_renews(&gate, app, resp))
 *           …
 *   gate_done(&gate);
 *
 * It decides on REQUEST_URI, which is what the client asked for. When the
 * server made another path of it (a rewrite, an alias's target, an error
 * page), a rule for that path must agree too. A server that hands over one
 * more rule (DOORWARD_RULE, set in .htaccess) can only ask for more.
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

extern const struct power power_rules; /* of the settings file (gate_rules.c) */

struct gate {
	struct request asked;   /* the request that is judged; borrows */
	bool is_error_page;     /* Apache asks us to answer for one that was refused */
	struct str file;        /* that the server has found for it; empty: none */
	struct buf path;        /* its canonical path */
	const char *path_wrong; /* why there is none: a static phrase, or NULL */
	struct rule extra;      /* the server's own, if it gave one */
	bool unreadable;        /* a rule that could not be read: refuse */
	bool unresolved;        /* where a path leads cannot be told: refuse */
	enum access access;
	bool by_cookie;      /* its token came in the cookie */
	struct identity who; /* somebody only with ACCESS_GRANTED */
	struct rules_verdict verdict;
};

/*
 * Decide. As a responder under `ErrorDocument 401` the request that is judged
 * is the refused one, with its own method and its own file
 * (REDIRECT_DOORWARD_FILE). gate_done after either answer.
 */
bool gate_admits(struct gate *g, struct app *app, const struct request *req);

/*
 * Answer the refused: 400 for a path that could be read in two ways; 401 or
 * the way to the login for those not signed in, or not lately enough (RFC
 * 9470); 403 without the roles, with a way to another account; 405; 503. Who opened
 * the page under another name of the site is led to public_url first (canonical.h).
 */
void gate_refuse(const struct gate *g, struct app *app, struct response *resp);

/*
 * True when somebody who is admitted is first sent to have their token renewed
 * (access_renew), and the answer is complete.
 */
bool gate_renews(const struct gate *g, struct app *app, struct response *resp);
void gate_done(struct gate *g);

/*
 * The status that the server is about to answer with, when it has turned to
 * another address for the page of an error or of a redirect (Apache's
 * ErrorDocument): 300 to 599; 0: it has not.
 */
int gate_error_status(const struct request *req);

/*
 * Answer for the server, with its status, when it turned to us for anything
 * but a 401: a page, or {"error":…}; the Location of a redirect stays Apache's.
 * False: that is not what was asked.
 */
bool gate_answers_error(struct app *app, const struct request *req,
			struct response *resp);

/*
 * Where the whole site is gated, Apache asks once more when it turns to our
 * page for an error. True when what would be run is this very program, to
 * answer that.
 */
bool gate_is_own_page(const struct request *req);

/*
 * The rules of the settings, sorted; `rs` is to be ended after any return. The
 * login itself is open, unless a rule says otherwise.
 */
enum err gate_rules(const struct config *c, struct rules *rs, struct why *why);

#endif
