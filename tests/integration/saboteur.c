/*
 * Loaded into authorizer.fcgi (LD_PRELOAD) to make it fail in the way that
 * $SABOTAGE names, at the worst moment: after the request was taken.
 */
#include <dlfcn.h>
#include <fcgiapp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *
how(void)
{
	const char *mode = getenv("SABOTAGE");

	return mode == NULL ? "" : mode;
}

static int failing;

int
FCGX_Accept_r(FCGX_Request *request)
{
	int (*real)(FCGX_Request *) =
		(int (*)(FCGX_Request *))dlsym(RTLD_NEXT, "FCGX_Accept_r");
	int result = real(request);

	if (result != 0)
		return result;
	if (strcmp(how(), "segv") == 0)
		raise(SIGSEGV);
	if (strcmp(how(), "abort") == 0)
		abort();
	if (strcmp(how(), "kill") == 0)
		kill(getpid(), SIGKILL);
	if (strcmp(how(), "exit") == 0)
		_exit(0);
	if (strcmp(how(), "close") == 0)
		close(request->ipcFd);
	failing = strcmp(how(), "memory") == 0;
	return result;
}

/* Half of the first line, then the end. */
int
FCGX_PutStr(const char *bytes, int n, FCGX_Stream *stream)
{
	int (*real)(const char *, int, FCGX_Stream *) =
		(int (*)(const char *, int, FCGX_Stream *))dlsym(RTLD_NEXT,
								 "FCGX_PutStr");

	if (strcmp(how(), "half") == 0) {
		real(bytes, 10, stream);
		FCGX_FFlush(stream);
		_exit(0);
	}
	if (strcmp(how(), "mute") == 0)
		return n;
	failing = 0;
	return real(bytes, n, stream);
}

void *
malloc(size_t n)
{
	static void *(*real)(size_t);

	if (failing)
		return NULL;
	if (real == NULL)
		real = (void *(*)(size_t))dlsym(RTLD_NEXT, "malloc");
	return real(n);
}

void *
realloc(void *p, size_t n)
{
	static void *(*real)(void *, size_t);

	if (failing)
		return NULL;
	if (real == NULL)
		real = (void *(*)(void *, size_t))dlsym(RTLD_NEXT, "realloc");
	return real(p, n);
}
