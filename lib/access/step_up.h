/*
 * Logins that are good, but too old or not proved strongly enough for what was asked
 * for. A browser is led through what is missing, and back. An API client is told
 * what is missing (RFC 9470).
 *
 *   static const struct step_up wanted = { .acr = ACR_2FA, .login_within = 3600 };
 *
 *   if (access_require(app, req, resp, &who) &&
 *       step_up_require(app, req, resp, &who, &wanted))
 *         response_json(resp, 200, …);
 */
#ifndef STEP_UP_H
#define STEP_UP_H

#include <stdbool.h>
#include <stdint.h>

#include "http/request.h"
#include "http/response.h"
#include "serve/app.h"
#include "token/identity.h"

/* What a login lacks: the parameter `need` of the login's address. */
enum need {
	NEED_NOTHING = 0,
	NEED_FRESH,  /* a new login */
	NEED_FACTOR, /* one more factor, of any kind */
	NEED_PHR     /* a passkey */
};

/* "fresh", "factor" or "phr"; NEED_NOTHING for any other text. */
enum need need_find(struct str text);
const char *need_text(enum need need);

/*
 * Append the address of the login with this need, and with `return_to` unless that is no
 * path of this site.
 */
bool need_location(struct buf *out, enum need need, struct str return_to);

/* What is asked of a login. */
struct step_up {
	enum acr acr;         /* proved at least so strongly; ACR_NONE: anyhow */
	int64_t login_within; /* seconds since the login; 0: any time */
};

/* What `who` lacks of it at `now`, the login itself first. */
enum need step_up_lacks(const struct identity *who, const struct step_up *wanted,
			int64_t now);

/*
 * True if `who` lacks nothing. Otherwise the answer is complete, as step_up_refuse
 * makes it. Only a login can pass: a program's token lacks what is asked, whatever it
 * claims.
 */
bool step_up_require(struct app *app, const struct request *req, struct response *resp,
		     const struct identity *who, const struct step_up *wanted);

/*
 * Answer that `need` is missing. A browser that opens a page (GET) is sent to the
 * login, unless `redirect` is false. Everybody else gets 401
 * insufficient_user_authentication, with acr_values and max_age as `wanted` says
 * (RFC 9470, 3).
 */
void step_up_refuse(struct app *app, const struct request *req, struct response *resp,
		    enum need need, const struct step_up *wanted, bool redirect);

#endif
