#include "bin/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

#define MORE_FD 3 /* of PROCESS_MORE */
#define NO_SUCH_PROGRAM 127
#define STEP_MS 20

/* A file in memory that holds `bytes`, at its start; -1 when there is none. */
static int
memory_file(struct str bytes)
{
	int fd = memfd_create("input", MFD_CLOEXEC);

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

/* Its descriptors: none but these are left open (all of ours are closed when it starts). */
static void
add_files(posix_spawn_file_actions_t *actions, const struct process *p, int input,
	  int more, int out)
{
	posix_spawn_file_actions_adddup2(actions, input, STDIN_FILENO);
	posix_spawn_file_actions_adddup2(actions, out, STDOUT_FILENO);
	if (p->with_errors)
		posix_spawn_file_actions_adddup2(actions, out, STDERR_FILENO);
	if (more >= 0)
		posix_spawn_file_actions_adddup2(actions, more, MORE_FD);
}

/* Start it in a session of its own, if it may have to be killed with its children. */
static int
start(const struct process *p, int input, int more, int out, pid_t *pid)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none;
	int e;

	sigemptyset(&none);
	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setflags(&attributes,
				 (short)(POSIX_SPAWN_SETSIGMASK |
					 (p->deadline_ms > 0 ? POSIX_SPAWN_SETSID : 0)));
	add_files(&actions, p, input, more, out);
	e = posix_spawnp(pid, p->argv[0], &actions, &attributes, p->argv, p->envp);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return e;
}

/* Milliseconds that are left; -1: there is no end. */
static int
left(int64_t end)
{
	int64_t ms = end - clock_monotonic_ms();

	return end == 0 ? -1 : ms > 0 ? (int)ms : 0;
}

/* False: it was not over in time. */
static bool
read_all(int fd, int64_t end, struct buf *out, bool *too_long)
{
	struct pollfd wait = { fd, POLLIN, 0 };
	char piece[4096];

	for (;;) {
		int ready = poll(&wait, 1, left(end));
		ssize_t n;

		if (ready == 0)
			return false;
		if (ready < 0 && errno != EINTR)
			return true;
		n = ready > 0 ? read(fd, piece, sizeof(piece)) : -1;
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return true;
		*too_long = (size_t)n > out->max - out->n;
		buf_add(out,
			str_sub((struct str){ piece, (size_t)n }, 0, out->max - out->n));
		if (*too_long)
			return true;
	}
}

/* Its status; killed when it does not end in time. */
static int
wait_for(pid_t pid, int64_t end, bool in_time)
{
	const struct timespec step = { 0, STEP_MS * 1000000L };
	int status = 0;
	pid_t ended = 0;

	while (in_time &&
	       (ended = waitpid(pid, &status, end == 0 ? 0 : WNOHANG)) != pid) {
		if (ended < 0 && errno != EINTR)
			return PROCESS_KILLED;
		if (ended == 0 && left(end) == 0)
			break;
		if (ended == 0)
			nanosleep(&step, NULL);
	}
	if (ended == pid)
		return WIFEXITED(status) ? WEXITSTATUS(status) : PROCESS_KILLED;
	kill(-pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	return PROCESS_LATE;
}

static int
run(const struct process *p, int input, int more, struct buf *out, bool *too_long)
{
	int64_t end = p->deadline_ms > 0 ? clock_monotonic_ms() + p->deadline_ms : 0;
	bool in_time;
	int ends[2], e;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return PROCESS_NOT_STARTED;
	e = start(p, input, more, ends[1], &pid);
	close(ends[1]);
	if (e != 0) {
		close(ends[0]);
		return e == ENOENT ? NO_SUCH_PROGRAM : PROCESS_NOT_STARTED;
	}
	in_time = read_all(ends[0], end, out, too_long);
	close(ends[0]); /* if it has more to say, it ends here */
	return wait_for(pid, end, in_time);
}

int
process_run(const struct process *p, struct buf *out, bool *too_long)
{
	int input = memory_file(p->input), more = -1, status = PROCESS_NOT_STARTED;

	*too_long = false;
	if (input >= 0 && (p->more.n == 0 || (more = memory_file(p->more)) >= 0))
		status = run(p, input, more, out, too_long);
	if (input >= 0)
		close(input);
	if (more >= 0)
		close(more);
	return status;
}
