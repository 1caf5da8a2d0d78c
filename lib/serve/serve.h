/*
 * The adapter between a program and its web server: FastCGI responder, FastCGI
 * authorizer and plain CGI, told apart at run time. It owns the outcome: what
 * a handler does not complete is answered with a refusal.
 *
 *   int main(int argc, char **argv)
 *   {
 *           static const struct program program = {
 *                   .name = "hello", .handle = handle, .powers = { &power_verify },
 *           };
 *           return serve(argc, argv, &program);
 *   }
 */
#ifndef SERVE_H
#define SERVE_H

#include <stdbool.h>

#include "http/request.h"
#include "http/response.h"
#include "serve/power.h"
#include "serve/route.h"

/* The power that access_require needs: to verify access tokens by the settings' keys. */
extern const struct power power_verify;

/* The other powers of this room; page, gate and files have one each. */
extern const struct power power_sign;     /* power_sign.h */
extern const struct power power_session;  /* power_session.h */
extern const struct power power_links;    /* power_links.h */
extern const struct power power_database; /* power_database.h */

struct embedded_folder;

struct program {
	const char *name;
	bool manual; /* man(1) has a page NAME.fcgi, which --help names */
	/* What it answers: by its addresses (route.h), or everything by one handler. */
	const struct route *routes;
	void (*handle)(struct app *app, const struct request *req, struct response *resp);
	/* Asked before `routes`; true: the answer is complete. May be NULL. */
	bool (*before)(struct app *app, const struct request *req, struct response *resp);
	const struct power *powers[SERVE_POWERS_MAX]; /* ends in NULL */
	/*
	 * Of Doorward's own programs with a database: an enum db_role. Any other leaves
	 * it 0.
	 */
	int role;
	/*
	 * Writes an error in the program's own style for a client that wants HTML;
	 * NULL: a bare page. It is not called while `app->config` is NULL or a
	 * power is not open.
	 */
	void (*error)(struct app *app, const struct request *req, struct response *resp,
		      int status, const char *code, const char *description);
	/*
	 * Of Doorward's own programs with pages: the folders of share/ that the templates
	 * are in, besides common; ends with a NULL name. A folder that is not named is not
	 * linked into the program. Any other program leaves it NULL.
	 */
	const struct embedded_folder *share;
	/*
	 * Of a program without routes: the methods that scripts of cors_origins may use,
	 * like "GET, HEAD"; serve then answers preflights and sets the headers. NULL: no
	 * other origin.
	 */
	const char *cors;
	/*
	 * Work for which no client waits: called once a handler has set `app->work` and
	 * the client has its answer, again and again while it returns true. A call takes
	 * 50 ms at most, for between two of them FastCGI looks whether a request waits;
	 * the work is then gone on with later, also in another request's wake. In plain
	 * CGI it runs beside other requests' work, for a minute at most. What a process
	 * was told to do and could not, because it had to end, must be found again by
	 * the next one. Errors go to the log, if there is one. May be NULL.
	 */
	bool (*after)(struct app *app);
	/*
	 * May be asked as a FastCGI authorizer, where any 200 lets the request
	 * through. A program that does not say so refuses in that role.
	 */
	bool authorizes;
};

/* Serve until told to stop; returns the exit status for main. */
int serve(int argc, char **argv, const struct program *program);

/*
 * Answer with an error: the program's page for a client that wants HTML,
 * {"error":…} for any other; 503 gets a Retry-After. For handlers, too.
 */
void serve_error(struct app *app, const struct request *req, struct response *resp,
		 int status, const char *code, const char *description);

/* Retry-After: `seconds`, at least one. */
void serve_retry_after(struct response *resp, int64_t seconds);

/* 503 for what could not be decided because of `e`, Retry-After included. */
void serve_unavailable(struct app *app, const struct request *req, struct response *resp,
		       enum err e);

#endif
