#include "serve/serve.h"

#include <errno.h>
#include <fastcgi.h>
#include <fcgiapp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "crypto/start.h"
#include "serve/serve_accept.h"
#include "serve/serve_after.h"
#include "serve/serve_request.h"

extern char **environ;

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
	after_answer_of_cgi(&s->app);
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

/* A web server may send an authorizer an empty body. */
static void
discard_input(const FCGX_Request *request)
{
	char trash[512];
	ssize_t n;

	do
		n = recv(request->ipcFd, trash, sizeof(trash), MSG_DONTWAIT);
	while (n == (ssize_t)sizeof(trash));
}

/*
 * libfcgi ends a connection by shutting down its own side and then waiting until the
 * server has closed the other. On TCP, unread bytes would otherwise destroy the answer
 * on its way. This takes three system calls and a change of processes. It is useless
 * if everything has been read, or if an authorizer has no body to read (on a Unix
 * socket, which does not have this problem).
 */
static void
finish(FCGX_Request *request, bool local)
{
	bool authorizer = request->role == FCGI_AUTHORIZER;
	bool all_read =
		FCGX_HasSeenEOF(request->in) != 0 && FCGX_GetError(request->in) == 0;

	if (authorizer && local)
		discard_input(request);
	if (all_read || (authorizer && local))
		FCGX_Detach(request);
	FCGX_Finish_r(request);
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
	struct acceptor acceptor;

	if (!acceptor_init(&acceptor))
		return EXIT_FAILURE;
	while (acceptor_next(&acceptor)) {
		struct serve_io io = { acceptor.request.envp, fcgi_read, fcgi_write,
				       &acceptor.request, false };

		serving_handle(s, &io);
		finish(&acceptor.request, local);
		after_answer(&s->app, acceptor_is_wanted, &acceptor);
		if (crypto_lacked_memory())
			raise(SIGTERM); /* a new process takes over */
	}
	acceptor_done(&acceptor);
	return EXIT_SUCCESS;
}

/* ---- the process ---- */

static bool
has_foreign_crypto(const struct program *program)
{
	for (size_t i = 0; program->powers[i] != NULL; i++)
		if (program->powers[i]->foreign_crypto)
			return true;
	return false;
}

/*
 * If a person started the program, and not a web server, say what it is: with --help
 * or --version, and at a terminal.
 */
static bool
answers_person(int argc, char **argv, const struct program *program, int *status)
{
	bool version = argc == 2 && strcmp(argv[1], "--version") == 0;
	bool help = argc == 2 && strcmp(argv[1], "--help") == 0;
	const char *name = program->name;

	if (getenv("GATEWAY_INTERFACE") != NULL || getenv("REQUEST_METHOD") != NULL ||
	    !(version || help || isatty(STDIN_FILENO) == 1))
		return false;
	*status = version || help ? EXIT_SUCCESS : EXIT_FAILURE;
	if (version)
		printf("%s.fcgi (doorward) %s\n", name, DOORWARD_VERSION);
	else
		fprintf(help ? stdout : stderr,
			"%s.fcgi is run by a web server, as CGI or FastCGI%s%s%s\n", name,
			program->manual ? "; see `man " : "", program->manual ? name : "",
			program->manual ? ".fcgi`" : "");
	return true;
}

int
serve(int argc, char **argv, const struct program *program)
{
	struct serving s;
	int status = EXIT_SUCCESS;

	if (answers_person(argc, argv, program, &status))
		return status;
	umask(077);
	signal(SIGXFSZ, SIG_IGN); /* a log that reached its size limit is no reason to
				   * end */
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); /* debuggers must not see keys */
	crypto_start(has_foreign_crypto(program));
	log_open(program->name, LOG_INFO);
	if (!serving_init(&s, program, getenv("DOORWARD_CONFIG")))
		return EXIT_FAILURE;
	if (FCGX_IsCGI()) {
		signal(SIGPIPE, SIG_IGN);
		serve_cgi(&s);
	} else {
		status = serve_fcgi(&s);
	}
	serving_done(&s);
	return status;
}
