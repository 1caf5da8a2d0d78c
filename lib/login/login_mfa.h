/*
 * What the handlers of /login/mfa share, in their three forms: page, form, JSON.
 */
#ifndef LOGIN_MFA_H
#define LOGIN_MFA_H

#include "http/request.h"
#include "http/response.h"
#include "login/login_handlers.h"
#include "mfa/mfa.h"
#include "serve/app.h"

/* 303 to `url`, one of ours, with ?return_to= unless that is "/". */
void login_mfa_lead(struct response *res, const char *url, struct str return_to);

/*
 * 303 to the login form with a notice: the flow is over. The browser's cookie with its
 * ticket is removed.
 */
void login_mfa_over(struct app *app, struct response *res, struct str return_to);

/* The policies of the settings. `flow` holds what `mfa` points to. */
void login_mfa_policy(struct app *app, struct flow_policy *flow, struct mfa_policy *mfa);

/* What came with one request. */
struct login_mfa {
	struct str ticket;
	struct str device; /* its secret, or empty */
	bool browser;      /* the earlier session comes from the request's cookies */
	bool remember_device;
	struct mfa_proof proof;
};

/* Zero: it could not be decided, and a 503 is written. */
struct login_mfa_try {
	bool decided;
	struct mfa_result result;

	/* Of MFA_DONE: */
	struct buf token; /* the access token */
	int64_t expires_in;
};

/*
 * Check the proof and make the first access token. A line in the log gives the result.
 * `res` gets the headers that the outcome needs. Call login_mfa_try_done afterwards.
 */
void login_mfa_run(struct app *app, const struct request *req, struct response *res,
		   const struct login_mfa *with, struct login_mfa_try *t);

/* 503: it could not be decided. */
void login_mfa_unavailable(struct app *app, const struct request *req,
			   struct response *res, enum err e, const struct why *why);

/* Log a result other than MFA_DONE, and set the headers of its answer. */
void login_mfa_refuse(struct app *app, const struct request *req, struct response *res,
		      const struct mfa_result *r);
void login_mfa_try_done(struct login_mfa_try *t);

#endif
