/*
 * A power: something that a program may do and most may not. A program links only
 * the powers that it names, so the linker keeps the rest of them out of it.
 *
 * What a power opens is its own. It hands it out by a function of its own header, which
 * asks app_opened.
 */
#ifndef POWER_H
#define POWER_H

#include <stdbool.h>

#include "base/err.h"
#include "serve/app.h"

#define SERVE_POWERS_MAX 8

struct power {
	const char *name;
	/*
	 * Called once the settings are read, and again before each request until it
	 * has succeeded. Leaves what it opened in *opened; NULL after an error.
	 */
	enum err (*open)(const struct app *app, void **opened, struct why *why);
	/*
	 * Before each further request: notice changed files. On an error nothing
	 * is served. May be NULL.
	 */
	enum err (*refresh)(const struct app *app, void *opened, struct why *why);
	/* At the end, of what was opened. */
	void (*close)(void *opened);
	/*
	 * Are these settings ones that can be served by? Settings of which a power
	 * says no are refused as those that cannot be parsed. May be NULL.
	 */
	enum err (*check)(const struct config *c, struct why *why);
	/* It brings a library that uses OpenSSL in its own ways (crypto/start.h). */
	bool foreign_crypto;
};

/* What `power` has opened; NULL when the program does not name it, or it is not open. */
void *app_opened(const struct app *app, const struct power *power);

#endif
