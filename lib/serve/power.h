/*
 * A power: something that a program may do and most programs may not. A program links
 * only the powers that it names. The linker leaves the others out.
 *
 * What a power opens belongs to it. A function in its own header returns it, by means
 * of app_opened.
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
	 * Called after the settings were read, and again before each request until it
	 * has succeeded. Stores what it opened in *opened, or NULL after an error.
	 */
	enum err (*open)(const struct app *app, void **opened, struct why *why);
	/*
	 * Called before each further request, to notice changed files. After an error
	 * nothing is served. May be NULL.
	 */
	enum err (*refresh)(const struct app *app, void *opened, struct why *why);
	/* Called at the end, with what was opened. */
	void (*close)(void *opened);
	/*
	 * Can a program serve with these settings? If a power says no, they are refused
	 * like settings that cannot be parsed. May be NULL.
	 */
	enum err (*check)(const struct config *c, struct why *why);
	/* It brings a library that uses OpenSSL in its own way (crypto/start.h). */
	bool foreign_crypto;
};

/*
 * What `power` has opened. NULL if the program does not name it, or if it is not open.
 */
void *app_opened(const struct app *app, const struct power *power);

#endif
