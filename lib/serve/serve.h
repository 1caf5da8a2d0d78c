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

#include "base/err.h"
#include "http/request.h"
#include "http/response.h"
#include "serve/app.h"

#define SERVE_POWERS_MAX 8

/*
 * Something that a program may do and most may not. A program links only the
 * powers that it names, so the linker keeps the rest of them out of it.
 */
struct power {
	const char *name;
	/*
	 * Called once the settings are read, and again before each request
	 * until it has succeeded. Stores what it opened in `app`.
	 */
	enum err (*open)(struct app *app, struct why *why);
	/*
	 * Before each further request: notice changed files. On an error nothing
	 * is served. May be NULL.
	 */
	enum err (*refresh)(struct app *app, struct why *why);
	/* At the end, also after a failed open. */
	void (*close)(struct app *app);
	/*
	 * Are these settings ones that can be served by? Settings of which a power
	 * says no are refused as those that cannot be parsed. May be NULL.
	 */
	enum err (*check)(const struct config *c, struct why *why);
	/* It brings a library that uses OpenSSL in its own ways (crypto/start.h). */
	bool foreign_crypto;
};

extern const struct power power_verify;   /* app->guard */
extern const struct power power_sign;     /* app->signer */
extern const struct power power_session;  /* app->session_secret */
extern const struct power power_database; /* app->db */
extern const struct power power_pages;    /* app->pages */
extern const struct power power_rules;    /* app->rules */
extern const struct power power_files;    /* app->files */

struct program {
	const char *name;
	void (*handle)(struct app *app, const struct request *req, struct response *resp);
	const struct power *powers[SERVE_POWERS_MAX]; /* ends in NULL */
	/*
	 * Writes an error in the program's own style for a client that wants HTML;
	 * NULL: a bare page. It is not called while `app->config` is NULL or a
	 * power is not open.
	 */
	void (*error)(struct app *app, const struct request *req, struct response *resp,
		      int status, const char *code, const char *description);
	/*
	 * The methods that scripts of cors_origins may use, like "GET, HEAD"; serve
	 * then answers preflights and sets the headers. NULL: no other origin.
	 */
	const char *cors;
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

#endif
