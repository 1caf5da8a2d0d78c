/*
 * The connections of a FastCGI process, and how the process ends.
 *
 * libfcgi would accept connections itself, and lose one if a signal comes at the wrong
 * moment. When the process is told to end, it completes the present request, and then
 * those whose connections wait in the listening socket. Perhaps no other process would
 * take them, and the server would answer 500.
 *
 *   struct acceptor acceptor;
 *
 *   acceptor_init(&acceptor);
 *   while (acceptor_next(&acceptor))
 *         … acceptor.request …
 *   acceptor_done(&acceptor);
 */
#ifndef SERVE_ACCEPT_H
#define SERVE_ACCEPT_H

#include <fcgiapp.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/* After it was told to end, a process takes waiting connections for this long. */
#define ACCEPTOR_LAST_MS 3000

/* A connection without data for this long is dropped, as libfcgi does. */
#define ACCEPTOR_SILENCE_MS 2000

struct acceptor {
	FCGX_Request request;
	struct str may_connect; /* for TCP: addresses, separated by commas; empty:
				 * anybody */
	int64_t end_ms;         /* take no more after this time; 0: not told to end */
};

/*
 * Catch SIGTERM, SIGUSR1, SIGHUP and SIGINT. Each of them tells the process to end.
 * False if libfcgi cannot start, or if standard input is no socket.
 */
bool acceptor_init(struct acceptor *a);

/*
 * Wait for the next request and take it. The one before is completed. False: the
 * process must end.
 */
bool acceptor_next(struct acceptor *a);

/* True if a request waits, or if the process must end. `a` is a struct acceptor. */
bool acceptor_is_wanted(void *a);
void acceptor_done(struct acceptor *a);

#endif
