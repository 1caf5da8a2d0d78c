/*
 * Loaded into a program (LD_PRELOAD) to make it fail in the way that $SABOTAGE
 * names: an authorizer at the worst moment, after the request was taken; any
 * program with `allocation N` at its N-th allocation of memory, and only there, or
 * with `name N` just before a file is given or loses a name for the N-th time.
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

/* Is this the allocation that is to fail? */
static int
fails_now(void)
{
	static const char word[] = "allocation ";
	static long wanted = -1, made;

	if (failing)
		return 1;
	if (wanted < 0)
		wanted = strncmp(how(), word, sizeof(word) - 1) == 0
				 ? strtol(how() + sizeof(word) - 1, NULL, 10)
				 : 0;
	return wanted > 0 && ++made == wanted;
}

static void
count_name(void)
{
	static const char word[] = "name ";
	static long made;

	if (strncmp(how(), word, sizeof(word) - 1) == 0 &&
	    ++made == strtol(how() + sizeof(word) - 1, NULL, 10))
		kill(getpid(), SIGKILL);
}

int
rename(const char *from, const char *to)
{
	int (*real)(const char *, const char *) =
		(int (*)(const char *, const char *))dlsym(RTLD_NEXT, "rename");

	count_name();
	return real(from, to);
}

int
link(const char *from, const char *to)
{
	int (*real)(const char *, const char *) =
		(int (*)(const char *, const char *))dlsym(RTLD_NEXT, "link");

	count_name();
	return real(from, to);
}

int
unlink(const char *path)
{
	int (*real)(const char *) = (int (*)(const char *))dlsym(RTLD_NEXT, "unlink");

	count_name();
	return real(path);
}

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

	if (fails_now())
		return NULL;
	if (real == NULL)
		real = (void *(*)(size_t))dlsym(RTLD_NEXT, "malloc");
	return real(n);
}

/* Of glibc; dlsym would call calloc itself. */
extern void *__libc_calloc(size_t n, size_t size);

void *
calloc(size_t n, size_t size)
{
	return fails_now() ? NULL : __libc_calloc(n, size);
}

void *
realloc(void *p, size_t n)
{
	static void *(*real)(void *, size_t);

	if (fails_now())
		return NULL;
	if (real == NULL)
		real = (void *(*)(void *, size_t))dlsym(RTLD_NEXT, "realloc");
	return real(p, n);
}
