#include "bin/curl.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"

extern char **environ;

bool
curl_option(struct buf *config, const char *name, struct str value)
{
	if (str_has_control(value))
		return false;
	buf_addf(config, "%s = \"", name);
	for (size_t i = 0; i < value.n; i++) {
		if (value.p[i] == '"' || value.p[i] == '\\')
			buf_addc(config, '\\');
		buf_addc(config, value.p[i]);
	}
	return buf_addz(config, "\"\n");
}

void
curl_flag(struct buf *config, const char *name)
{
	buf_addz(config, name);
	buf_addc(config, '\n');
}

/* A file in memory that holds `bytes`, at its start; -1 when there is none. */
static int
memory_file(struct str bytes)
{
	int fd = memfd_create("curl configuration", MFD_CLOEXEC);

	if (fd < 0)
		return -1;
	while (bytes.n > 0) {
		ssize_t n = write(fd, bytes.p, bytes.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			close(fd);
			return -1;
		}
		bytes = str_sub(bytes, (size_t)n, bytes.n);
	}
	if (lseek(fd, 0, SEEK_SET) != 0) {
		close(fd);
		return -1;
	}
	return fd;
}

/* Start curl between `config` and a pipe whose reading end goes to `*out`; an errno. */
static int
start(int config, pid_t *pid, int *out)
{
	static char curl[] = "curl", no_curlrc[] = "-q", from[] = "--config",
		    stdin_[] = "-";
	char *const argv[] = { curl, no_curlrc, from, stdin_, NULL };
	posix_spawn_file_actions_t actions;
	int ends[2], e;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return errno;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, config, STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
	e = posix_spawnp(pid, curl, &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	close(ends[1]);
	if (e != 0)
		close(ends[0]);
	*out = ends[0];
	return e;
}

int
curl_run(struct str config, struct buf *out, bool *too_long)
{
	int file = memory_file(config), fd = -1, status = -1;
	pid_t pid;
	int e;

	*too_long = false;
	if (file < 0)
		return -1;
	e = start(file, &pid, &fd);
	close(file);
	if (e != 0)
		return e == ENOENT ? CURL_NOT_INSTALLED : -1;
	*too_long = file_read_rest(fd, "curl", out->max - out->n, out, NULL) != ERR_OK;
	close(fd); /* curl, if it has more to say, ends here */
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
