/*
 * What every handler may use, whatever the program. A handler gets what the program's
 * powers opened from those powers' own headers (serve/power.h). So a handler that does
 * not include the header of the database power cannot name the database, and a program
 * that is not linked with libpq cannot include a handler that does.
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
	const struct opened *opened; /* used by the powers: power.h */
	bool work; /* set by a handler: there is work to do after the answer */
};

#endif
