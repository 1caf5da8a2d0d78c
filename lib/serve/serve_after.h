/*
 * Work after the answer (`after` of struct program): in FastCGI between two requests,
 * in plain CGI in a separate process. Only serve*.c and its tests include this.
 */
#ifndef SERVE_AFTER_H
#define SERVE_AFTER_H

#include <stdbool.h>

#include "serve/serve.h"

/* In plain CGI the work is ended this many seconds after the answer, done or not. */
#define AFTER_CGI_S 60

/*
 * Do steps until nothing is left or `is_wanted(arg)`: a request waits. The rest is
 * done after that request.
 */
void after_answer(struct app *app, bool (*is_wanted)(void *arg), void *arg);

/*
 * If the handler has left work, do all of it in a child and return in neither process.
 * Otherwise return. All output must be written before. The child has its own session
 * and none of the server's descriptors: the server considers the program ended as soon
 * as its output is closed, and sends it a SIGTERM (mod_cgid, lighttpd). The child owns
 * everything that is open, for example the connection to the database.
 */
void after_answer_of_cgi(struct app *app);

#endif
