/*
 * Loaded into Apache (LD_PRELOAD): beneath $FOLDING, names are found whatever
 * the case of their letters, as on a file system that does not tell it. The
 * names in the real tree are in small letters.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char *
fold(const char *path, char folded[PATH_MAX])
{
	const char *root = getenv("FOLDING");
	size_t n = root == NULL ? 0 : strlen(root), i;

	if (n == 0 || path == NULL || strncmp(path, root, n) != 0)
		return path;
	for (i = 0; path[i] != '\0' && i < PATH_MAX - 1; i++)
		folded[i] = i >= n && path[i] >= 'A' && path[i] <= 'Z'
				    ? (char)(path[i] - 'A' + 'a')
				    : path[i];
	folded[i] = '\0';
	return folded;
}

#define FIND(name, type)                                                                 \
	static type real;                                                                \
	char folded[PATH_MAX];                                                           \
	if (real == NULL)                                                                \
	real = (type)dlsym(RTLD_NEXT, name)

typedef int stat_function(const char *, struct stat *);
typedef int open_function(const char *, int, ...);

int
stat(const char *path, struct stat *st)
{
	FIND("stat", stat_function *);
	return real(fold(path, folded), st);
}

int
lstat(const char *path, struct stat *st)
{
	FIND("lstat", stat_function *);
	return real(fold(path, folded), st);
}

int
stat64(const char *path, struct stat64 *st)
{
	FIND("stat64", stat_function *);
	return real(fold(path, folded), (struct stat *)st);
}

int
lstat64(const char *path, struct stat64 *st)
{
	FIND("lstat64", stat_function *);
	return real(fold(path, folded), (struct stat *)st);
}

static int
mode_of(int flags, va_list args)
{
	return (flags & O_CREAT) != 0 ? va_arg(args, int) : 0;
}

int
open(const char *path, int flags, ...)
{
	va_list args;
	int mode;
	FIND("open", open_function *);

	va_start(args, flags);
	mode = mode_of(flags, args);
	va_end(args);
	return real(fold(path, folded), flags, mode);
}

int
open64(const char *path, int flags, ...)
{
	va_list args;
	int mode;
	FIND("open64", open_function *);

	va_start(args, flags);
	mode = mode_of(flags, args);
	va_end(args);
	return real(fold(path, folded), flags, mode);
}
