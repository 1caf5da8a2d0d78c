/*
 * The connections of a FastCGI process, and how it ends.
 *
 * libfcgi would accept them itself, and lose one to a signal that comes at the
 * wrong moment. When the process is told to end, it finishes the request in
 * hand, and then those whose connections wait in the listening socket by then:
 * nobody else may be there to take them, and the server would answer 500.
 *
 *   struct acceptor acceptor;
 *
 *   acceptor_init(&acceptor);
 *   while (acceptor_next(&acceptor))
 *           … acceptor.request …
 *   acceptor_done(&acceptor);
 */
#ifndef SERVE_ACCEPT_H
#define SERVE_ACCEPT_H

#include <fcgiapp.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/* For so long after it was told to end, a process still takes what waits. */
#define ACCEPTOR_LAST_MS 3000

/* A connection on which nothing is said for so long is dropped, as libfcgi does. */
#define ACCEPTOR_SILENCE_MS 2000

struct acceptor {
	FCGX_Request request;
	struct str may_connect; /* by TCP: addresses, commas between; empty: anybody */
	int64_t end_ms;         /* take no more from then on; 0: not told to end */
};

/*
 * Catch SIGTERM, SIGUSR1, SIGHUP and SIGINT, of which each tells the process to
 * end. False when libfcgi cannot start, or standard input is no socket.
 */
bool acceptor_init(struct acceptor *a);

/*
 * Wait for the next request and take it; the one before is finished. False: the
 * process is to end.
 */
bool acceptor_next(struct acceptor *a);

/* Does a request wait, or is the process to end? `a` is a struct acceptor. */
bool acceptor_is_wanted(void *a);
void acceptor_done(struct acceptor *a);

#endif
