/*
 * The adapter between a program and its web server: FastCGI responder, FastCGI
 * authorizer and plain CGI, distinguished at run time. If a handler does not complete
 * its answer, the adapter sends a refusal.
 *
 *   int
 *   main(int argc, char **argv)
 *   {
 *         static const struct program program = {
 *                 .name = "hello",
 *                 .handle = handle,
 *                 .powers = { &power_verify },
 *         };
 *
 *         return serve(argc, argv, &program);
 *   }
 */
#ifndef SERVE_H
#define SERVE_H

#include <stdbool.h>

#include "http/request.h"
#include "http/response.h"
#include "serve/power.h"
#include "serve/route.h"

/*
 * The power that access_require needs: to verify access tokens with the settings'
 * keys.
 */
extern const struct power power_verify;

/* The other powers of this folder; page, gate and files have one each. */
extern const struct power power_sign;     /* power_sign.h */
extern const struct power power_session;  /* power_session.h */
extern const struct power power_links;    /* power_links.h */
extern const struct power power_database; /* power_database.h */

struct embedded_folder;

/*
 * Work that is due from time to time, whatever was asked: after each answer `is_due` is
 * called, which must be cheap. If it is due, `step` does a part of it in 50 ms at most,
 * and returns true if there is more to do. It should end early when `is_wanted(arg)`
 * becomes true: a request waits.
 */
struct duty {
	bool (*is_due)(struct app *app);
	bool (*step)(struct app *app, bool (*is_wanted)(void *arg), void *arg);
};

struct program {
	const char *name;
	bool manual; /* man(1) has a page NAME.fcgi, which --help names */
	/* How it answers: by its addresses (route.h), or everything by one handler. */
	const struct route *routes;
	void (*handle)(struct app *app, const struct request *req, struct response *resp);
	/* Called before `routes`. True: the answer is complete. May be NULL. */
	bool (*before)(struct app *app, const struct request *req, struct response *resp);
	const struct power *powers[SERVE_POWERS_MAX]; /* ends in NULL */
	/*
	 * For Doorward's own programs with a database: an enum db_role. Other programs
	 * leave it 0.
	 */
	int role;
	/*
	 * Writes an error in the program's own style, for clients that want HTML. NULL:
	 * a bare page. It is not called while `app->config` is NULL or a power is not
	 * open.
	 */
	void (*error)(struct app *app, const struct request *req, struct response *resp,
		      int status, const char *code, const char *description);
	/*
	 * For Doorward's own programs with pages: the folders of share/ with their
	 * templates, besides common. Ends with a NULL name. A folder that is not named
	 * is not linked into the program. Other programs leave it NULL.
	 */
	const struct embedded_folder *share;
	/*
	 * For a program without routes: the methods that scripts of cors_origins may
	 * use, like "GET, HEAD". serve then answers preflights and sets the headers.
	 * NULL: no other origin.
	 */
	const char *cors;
	/*
	 * Work for which no client waits. It is called after a handler has set
	 * `app->work` and the client has its answer, and again as long as it returns
	 * true. A call takes 50 ms at most, because between two calls FastCGI looks
	 * whether a request waits. If so, the work goes on later, perhaps after another
	 * request. In plain CGI it runs beside the work of other requests, for a minute
	 * at most. If a process had to end before its work was done, the next one must
	 * be able to find that work. Errors go to the log, if there is one. May be
	 * NULL.
	 */
	bool (*after)(struct app *app);
	const struct duty *duty; /* done after that, in the same way; may be NULL */
	/*
	 * It may be used as a FastCGI authorizer, where any 200 admits the request. A
	 * program that does not set this refuses in that role.
	 */
	bool authorizes;
};

/* Serve until told to stop. Returns the exit status for main. */
int serve(int argc, char **argv, const struct program *program);

/*
 * Answer with an error: the program's page for a client that wants HTML, {"error":…}
 * for any other. A 503 gets a Retry-After. Handlers may call this, too.
 */
void serve_error(struct app *app, const struct request *req, struct response *resp,
		 int status, const char *code, const char *description);

/* Retry-After: `seconds`, at least one. */
void serve_retry_after(struct response *resp, int64_t seconds);

/* 503 because `e` prevented a decision, with Retry-After. */
void serve_unavailable(struct app *app, const struct request *req, struct response *resp,
		       enum err e);

#endif
