#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "config/config.h"
#include "worker/worker.h"

/*
 * It also sends mails that come within this time. For ten seconds nobody starts
 * another one.
 */
#define STAY_S "12"
#define DESCRIPTORS_MAX 65536

/* All of them: sockets of the server and of the database, locks, logs. */
static void
close_everything(void)
{
	struct rlimit limit = { 1024, 1024 };

	if (close_range(0, ~0U, 0) == 0)
		return;
	getrlimit(RLIMIT_NOFILE, &limit);
	for (rlim_t fd = 0; fd < limit.rlim_cur && fd < DESCRIPTORS_MAX; fd++)
		close((int)fd);
}

/* As for a program that a person has started. */
static void
forget_signals(void)
{
	sigset_t none;

	for (int number = 1; number < NSIG; number++)
		signal(number, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Our limits are for handling requests. */
static void
forget_limits(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_AS, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_AS, &limit);
	}
}

/*
 * Only async-signal-safe calls from here on, because other threads may have held
 * locks.
 */
static void
become(const char *command, const char *file)
{
	char config[] = "--config", mail[] = "mail", send[] = "send", stay[] = "--stay",
	     seconds[] = STAY_S;
	char *const argv[] = { (char *)(size_t)command,
			       config,
			       (char *)(size_t)file,
			       mail,
			       send,
			       stay,
			       seconds,
			       NULL };
	char *const envp[] = { NULL };

	forget_signals();
	forget_limits();
	close_everything();
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (open("/dev/null", O_RDWR) != fd)
			_exit(EXIT_FAILURE);
	if (setsid() < 0 || chdir("/") != 0)
		_exit(EXIT_FAILURE);
	execve(command, argv, envp);
	_exit(EXIT_FAILURE);
}

/* Started by a child that ends at once, so that nobody has to wait for the worker. */
bool
worker_start(const struct config *config)
{
	pid_t between = fork();
	int status = 0;

	if (between == 0) {
		pid_t worker = fork();

		if (worker == 0)
			become(config->mail_command, config->file);
		_exit(worker > 0 ? EXIT_SUCCESS : EXIT_FAILURE);
	}
	while (between > 0 && waitpid(between, &status, 0) < 0)
		if (errno != EINTR)
			return false;
	return between > 0 && WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS;
}
