/*
 * What every handler may use, whatever the program. What its powers opened it gets from
 * those powers' own headers (serve/power.h): a handler that does not include the header of
 * the power over the database cannot name the database, and a program that is not linked
 * with libpq cannot include a handler that does.
 */
#ifndef APP_H
#define APP_H

#include <stdbool.h>
#include <stdint.h>

struct config;
struct program;
struct opened;

struct app {
	const struct program *program;
	const struct config *config; /* NULL until it could be read */
	bool once;   /* plain CGI: this process serves one request and ends */
	bool ready;  /* every power is open */
	int64_t now; /* of this request, seconds since 1970 */
	const struct opened *opened; /* by the powers: power.h */
	bool work; /* set by a handler: there is something to do after the answer */
};

#endif
