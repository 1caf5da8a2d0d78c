#include "serve/serve_after.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"

static bool
knows_time(struct app *app)
{
	enum err e = clock_now(&app->now);

	if (e != ERR_OK)
		LOG(LOG_ERROR, "work_not_done", { "error", str_of(err_text(e)) });
	return e == ERR_OK;
}

/* Do one step. False when it was the last one. */
static bool
step(struct app *app)
{
	if (!knows_time(app))
		return false;
	app->work = app->program->after(app);
	return app->work;
}

/* Only if a handler has left work, and only while the program's powers are open. */
static bool
has_work(const struct app *app)
{
	return app->work && app->ready && app->program->after != NULL;
}

static bool
has_duty(struct app *app)
{
	const struct duty *duty = app->program->duty;

	return duty != NULL && app->ready && duty->is_due(app);
}

void
after_answer(struct app *app, bool (*is_wanted)(void *arg), void *arg)
{
	if (has_work(app))
		while (!is_wanted(arg) && step(app))
			;
	if (has_duty(app))
		while (!is_wanted(arg) && knows_time(app) &&
		       app->program->duty->step(app, is_wanted, arg))
			;
}

/*
 * A log file stays open. A pipe to the server is closed, because it would make the
 * client wait for us.
 */
static bool
is_log_file(int fd)
{
	struct stat st;

	return fd == STDERR_FILENO && fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
}

/*
 * Replaced and not only closed: the next file that is opened must not become standard
 * output.
 */
static bool
leave_server(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	bool left = null >= 0 && setsid() >= 0;

	for (int fd = STDIN_FILENO; left && fd <= STDERR_FILENO; fd++)
		if (!is_log_file(fd))
			left = dup2(null, fd) == fd;
	if (null > STDERR_FILENO)
		close(null);
	return left;
}

/* This process serves no other request. */
static bool
nobody_waits(void *arg)
{
	(void)arg;
	return false;
}

void
after_answer_of_cgi(struct app *app)
{
	pid_t child;

	if (!has_work(app) && !has_duty(app))
		return;
	if ((child = fork()) < 0) {
		LOG(LOG_ERROR, "work_not_done", { "error", str_of(strerror(errno)) });
		return;
	}
	if (child > 0)
		_exit(EXIT_SUCCESS);
	alarm(AFTER_CGI_S);
	if (!leave_server()) {
		LOG(LOG_ERROR, "work_not_done", { "error", str_of(strerror(errno)) });
		_exit(EXIT_FAILURE);
	}
	after_answer(app, nobody_waits, NULL);
	_exit(EXIT_SUCCESS);
}
