#include "app/serve.h"

#include <errno.h>
#include <fastcgi.h>
#include <fcgiapp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/serve_request.h"
#include "base/log.h"
#include "crypto/start.h"

extern char **environ;

/* What a signal finds: whether to stop, and whether a request is in hand. */
static volatile sig_atomic_t stopping;
static FCGX_Request current;

/* ---- plain CGI: environ, stdin, stdout ---- */

static ssize_t
cgi_read(void *handle, char *to, size_t n)
{
	ssize_t got;

	(void)handle;
	do
		got = read(STDIN_FILENO, to, n);
	while (got < 0 && errno == EINTR);
	return got;
}

static bool
cgi_write(void *handle, struct str bytes)
{
	(void)handle;
	while (bytes.n > 0) {
		ssize_t n = write(STDOUT_FILENO, bytes.p, bytes.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		bytes = str_sub(bytes, (size_t)n, bytes.n);
	}
	return true;
}

static void
serve_cgi(struct serving *s)
{
	struct serve_io io = { environ, cgi_read, cgi_write, NULL, true };

	s->app.once = true;
	serving_handle(s, &io);
}

/* ---- FastCGI ---- */

static ssize_t
fcgi_read(void *handle, char *to, size_t n)
{
	FCGX_Request *request = handle;
	int got = FCGX_GetStr(to, (int)n, request->in);

	return FCGX_GetError(request->in) != 0 ? -1 : got;
}

static bool
fcgi_write(void *handle, struct str bytes)
{
	FCGX_Request *request = handle;

	return FCGX_PutStr(bytes.p, (int)bytes.n, request->out) == (int)bytes.n;
}

/* A web server may send an authorizer an empty body all the same. */
static void
discard_input(void)
{
	char trash[512];
	ssize_t n;

	do
		n = recv(current.ipcFd, trash, sizeof(trash), MSG_DONTWAIT);
	while (n == (ssize_t)sizeof(trash));
}

/*
 * libfcgi ends a connection by shutting down its own side and then waiting until
 * the server has closed the other: on TCP, bytes that nobody has read would tear
 * down the answer on its way. That takes three system calls and a change of
 * processes, for nothing where all has been read, or where (on a Unix socket, to
 * which this does not happen) an authorizer has no body to read.
 */
static void
finish(bool local)
{
	bool authorizer = current.role == FCGI_AUTHORIZER;
	bool all_read =
		FCGX_HasSeenEOF(current.in) != 0 && FCGX_GetError(current.in) == 0;

	if (authorizer && local)
		discard_input();
	if (all_read || (authorizer && local))
		FCGX_Detach(&current);
	FCGX_Finish_r(&current);
}

static bool
listens_locally(void)
{
	struct sockaddr_storage address;
	socklen_t n = sizeof(address);

	return getsockname(FCGI_LISTENSOCK_FILENO, (struct sockaddr *)&address, &n) ==
		       0 &&
	       address.ss_family == AF_UNIX;
}

static int
serve_fcgi(struct serving *s)
{
	bool local = listens_locally();

	while (!stopping && FCGX_Accept_r(&current) == 0) {
		struct serve_io io = { current.envp, fcgi_read, fcgi_write, &current,
				       false };

		serving_handle(s, &io);
		finish(local);
	}
	FCGX_Free(&current, 1);
	return EXIT_SUCCESS;
}

/* ---- the process ---- */

/*
 * The request in hand is finished, then the loop ends. Interrupted calls are
 * restarted, because libfcgi takes EINTR for the end of a request; so an idle
 * process, which would go on waiting for a connection, ends here.
 */
static void
stop(int signal_number)
{
	(void)signal_number;
	stopping = 1;
	FCGX_ShutdownPending();
	if (current.ipcFd < 0 || (current.keepConnection && !current.isBeginProcessed))
		_exit(EXIT_SUCCESS);
}

static void
catch_signals(void)
{
	static const int graceful[] = { SIGTERM, SIGUSR1, SIGHUP, SIGINT };
	struct sigaction action = { .sa_handler = stop, .sa_flags = SA_RESTART };

	for (size_t i = 0; i < sizeof(graceful) / sizeof(*graceful); i++)
		sigaction(graceful[i], &action, NULL);
	signal(SIGPIPE, SIG_IGN);
}

static bool
has_foreign_crypto(const struct program *program)
{
	for (size_t i = 0; program->powers[i] != NULL; i++)
		if (program->powers[i]->foreign_crypto)
			return true;
	return false;
}

int
serve(int argc, char **argv, const struct program *program)
{
	struct serving s;
	int status = EXIT_SUCCESS;

	(void)argc;
	(void)argv;
	umask(077);
	signal(SIGXFSZ, SIG_IGN); /* a log at its limit of size is no reason to end */
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); /* keys are no debugger's business */
	crypto_start(has_foreign_crypto(program));
	log_open(program->name, LOG_INFO);
	if (!serving_init(&s, program, getenv("DOORWARD_CONFIG")))
		return EXIT_FAILURE;
	if (FCGX_IsCGI()) {
		signal(SIGPIPE, SIG_IGN);
		serve_cgi(&s);
	} else if (FCGX_Init() == 0 && FCGX_InitRequest(&current, 0, 0) == 0) {
		catch_signals();
		status = serve_fcgi(&s);
	} else {
		status = EXIT_FAILURE;
	}
	serving_done(&s);
	return status;
}
