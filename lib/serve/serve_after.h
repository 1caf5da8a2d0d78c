/*
 * Work after the answer (`after` of struct program): in FastCGI between two requests, in
 * plain CGI in a process of its own. Only serve*.c and its tests include this.
 */
#ifndef SERVE_AFTER_H
#define SERVE_AFTER_H

#include <stdbool.h>

#include "serve/serve.h"

/* In plain CGI work is ended, done or not, that many seconds after the answer. */
#define AFTER_CGI_S 60

/*
 * Do a step after the other until nothing is left or `is_wanted(arg)`: a request waits.
 * What is left then is gone on with after that request.
 */
void after_answer(struct app *app, bool (*is_wanted)(void *arg), void *arg);

/*
 * If the handler has left work: do all of it in a child, and return in neither process;
 * else return. Nothing may be left to be written. The child has a session of its own and
 * none of the server's descriptors: the server takes the program for ended as soon as its
 * output is closed, and sends it a SIGTERM (mod_cgid, lighttpd). What is open, such as a
 * connection to the database, is the child's.
 */
void after_answer_of_cgi(struct app *app);

#endif
