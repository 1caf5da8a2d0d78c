#include "serve/serve_accept.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fastcgi.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/str.h"

#define TICK_US 20000
#define LONG_S 2592000 /* a month */

static volatile sig_atomic_t stopping;

/* Interrupts the waiting call once more. */
static void
tick(void)
{
	struct itimerval soon = { .it_value = { .tv_usec = TICK_US } };

	setitimer(ITIMER_REAL, &soon, NULL);
}

/* The signal may come just before the call that waits begins, so a timer repeats. */
static void
stop(int signal_number)
{
	if (signal_number != SIGALRM)
		tick();
	stopping = 1;
}

/*
 * Interrupted calls are restarted, because libfcgi takes EINTR for the end of a
 * request. The exception is an accept on a socket with a timeout (signal(7)).
 */
bool
acceptor_init(struct acceptor *a)
{
	static const int graceful[] = { SIGTERM, SIGUSR1, SIGHUP, SIGINT, SIGALRM };
	struct sigaction action = { .sa_handler = stop, .sa_flags = SA_RESTART };
	struct timeval patience = { .tv_sec = LONG_S };

	*a = (struct acceptor){
		.may_connect = str_of(getenv("FCGI_WEB_SERVER_ADDRS")),
	};
	/* No socket for libfcgi, because it must not accept anything by itself. */
	if (FCGX_Init() != 0 || FCGX_InitRequest(&a->request, -1, 0) != 0 ||
	    setsockopt(FCGI_LISTENSOCK_FILENO, SOL_SOCKET, SO_RCVTIMEO, &patience,
		       sizeof(patience)) != 0)
		return false;
	for (size_t i = 0; i < sizeof(graceful) / sizeof(*graceful); i++)
		sigaction(graceful[i], &action, NULL);
	signal(SIGPIPE, SIG_IGN);
	return true;
}

void
acceptor_done(struct acceptor *a)
{
	FCGX_Free(&a->request, 1);
}

static bool
is_readable(int fd, int patience_ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	int n;

	do
		n = poll(&p, 1, patience_ms);
	while (n < 0 && errno == EINTR);
	return n == 1 && (p.revents & POLLIN) != 0;
}

/* Is the peer's address in the list (FastCGI 1.0, 3.2)? */
static bool
is_allowed(struct str list, const struct sockaddr_storage *peer)
{
	const struct sockaddr_in *in = (const struct sockaddr_in *)peer;
	const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)peer;
	const void *address = &in->sin_addr;
	char name[INET6_ADDRSTRLEN];

	if (list.n == 0 || peer->ss_family == AF_UNIX)
		return true;
	if (peer->ss_family == AF_INET6)
		address = &in6->sin6_addr;
	if (inet_ntop(peer->ss_family, address, name, sizeof(name)) == NULL)
		return false;
	while (list.n > 0)
		if (str_is(str_trim(str_cut(&list, ',')), name))
			return true;
	return false;
}

/*
 * Reasons why an accept may fail: the client is gone again, a signal came, a month is
 * over.
 */
static bool
may_pass(int error)
{
	return error == EINTR || error == EAGAIN || error == ECONNABORTED ||
	       error == EPROTO || error == ECONNRESET || error == ETIMEDOUT;
}

/*
 * Set what a TCP connection needs. It must not wait as long as the socket that it came
 * from.
 */
static void
set_up_tcp(int fd)
{
	struct timeval none = { 0 };
	int on = 1;

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &none, sizeof(none));
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

/* A connection on which data has arrived. -1 with errno. */
static int
accept_one(const struct acceptor *a)
{
	struct sockaddr_storage peer = { .ss_family = AF_UNIX };
	socklen_t n = sizeof(peer);
	int fd = accept4(FCGI_LISTENSOCK_FILENO, (struct sockaddr *)&peer, &n,
			 SOCK_CLOEXEC);

	if (fd >= 0 && peer.ss_family != AF_UNIX)
		set_up_tcp(fd);
	if (fd >= 0 && (!is_allowed(a->may_connect, &peer) ||
			!is_readable(fd, ACCEPTOR_SILENCE_MS))) {
		close(fd);
		fd = -1;
		errno = ECONNABORTED;
	}
	return fd;
}

/* Told to end, and no waiting connection can still be taken. */
static bool
is_over(struct acceptor *a)
{
	if (!stopping)
		return false;
	if (a->end_ms == 0)
		a->end_ms = clock_monotonic_ms() + ACCEPTOR_LAST_MS;
	tick(); /* another process that shares the socket may be faster */
	return clock_monotonic_ms() > a->end_ms ||
	       !is_readable(FCGI_LISTENSOCK_FILENO, 0);
}

static bool
take_connection(struct acceptor *a)
{
	int fd;

	do {
		if (is_over(a))
			return false;
		fd = accept_one(a);
	} while (fd < 0 && may_pass(errno));
	a->request.ipcFd = fd;
	a->request.keepConnection = 1; /* until the request itself says so */
	return fd >= 0;
}

/* The server keeps the connection open. Does another request come? */
static bool
wait_for_kept(struct acceptor *a)
{
	struct pollfd p = { .fd = a->request.ipcFd, .events = POLLIN };
	int n;

	do
		n = poll(&p, 1, stopping ? 0 : -1);
	while (n < 0 && errno == EINTR);
	return n == 1;
}

bool
acceptor_next(struct acceptor *a)
{
	for (;;) {
		if (a->request.ipcFd >= 0 && !wait_for_kept(a))
			FCGX_Free(&a->request, 1);
		if (a->request.ipcFd < 0 && !take_connection(a))
			return false;
		if (FCGX_Accept_r(&a->request) == 0)
			return true;
	}
}

bool
acceptor_is_wanted(void *a)
{
	const struct acceptor *acceptor = a;
	int kept = acceptor->request.ipcFd;

	return stopping || is_readable(FCGI_LISTENSOCK_FILENO, 0) ||
	       (kept >= 0 && is_readable(kept, 0));
}
