/* The answers of the addresses of token_handlers.h. Only lib/oauth/token includes this. */
#ifndef TOKEN_ANSWER_H
#define TOKEN_ANSWER_H

#include "http/request.h"
#include "http/response.h"
#include "oauth/token/client_proof.h"
#include "serve/app.h"

/* ---- scripts of other origins (Fetch Standard, 3.2) ---- */

/* The Origin header of a script; empty if it is none that a browser writes. */
struct str token_origin(const struct request *req);

/*
 * Let the script read the answer, if `known`: its origin is the client's. A preflight is
 * answered with `methods`, and the result is true.
 */
bool token_let_read(const struct request *req, struct response *res, bool known,
		    const char *methods);

/* ---- refusals ---- */

/* RFC 6749, 5.2: 400 and JSON. */
void token_refuse(struct response *res, const char *error, const char *description);

/*
 * The same before a statement has said which client asks: scripts of all clients may read
 * it. token_let_clients does this for any answer, with a statement of its own if there is
 * an Origin.
 */
void token_refuse_early(struct app *app, const struct request *req, struct response *res,
			const char *error, const char *description);
void token_let_clients(struct app *app, const struct request *req, struct response *res);

/* 401 invalid_client, and by which scheme a client may prove that it is one. */
void token_refuse_client(struct app *app, struct response *res);

/* 503, and the log says why. */
void token_unavailable(struct app *app, const struct request *req, struct response *res,
		       enum err e, const struct why *why);

/*
 * Read who asks. False: the answer is complete. The origin of a script is part of the
 * proof. Call client_proof_done after any return.
 */
bool token_prove(struct app *app, const struct request *req, struct response *res,
		 const struct form *form, struct client_proof *p);

/* ---- what has ended ---- */

/*
 * The verifiers hear of `revoked` before the client hears that its token is refused, or
 * taken back. After an error they may not know it, and the answer must be 503.
 */
enum err token_tell(struct app *app, const struct oauth_answer *answer, struct why *why);

/* Tell a grant's end to the verifiers, and then refuse with invalid_grant. */
void token_over(struct app *app, const struct request *req, struct response *res,
		const struct oauth_answer *answer, const char *description);

#endif
