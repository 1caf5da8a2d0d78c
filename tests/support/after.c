/*
 * A program with work after the answer. It writes a line for each request and each step
 * into the file TRAIL.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "serve/serve.h"

#define STEPS 30
#define STEP_US 40000

static int left, duty_left;

static void
say(const char *what)
{
	char line[128], out[64] = "";
	int fd = open(TRAIL, O_WRONLY | O_APPEND | O_CLOEXEC);
	int n;

	if (readlink("/proc/self/fd/1", out, sizeof(out) - 1) < 0)
		out[0] = '\0';
	n = snprintf(line, sizeof(line), "%s %d %d %s\n", what, (int)getpid(),
		     getsid(0) == getpid(), out);
	if (write(fd, line, (size_t)n) != n)
		_exit(1);
	close(fd);
}

static bool
after(struct app *app)
{
	(void)app;
	usleep(STEP_US);
	say("step");
	return --left > 0;
}

static bool
is_due(struct app *app)
{
	(void)app;
	return duty_left > 0;
}

/* Ends early if a request waits, and says so. */
static bool
duty_step(struct app *app, bool (*is_wanted)(void *arg), void *arg)
{
	(void)app;
	for (int i = 0; i < 10; i++) {
		usleep(STEP_US / 10);
		if (is_wanted(arg)) {
			say("stopped");
			return true;
		}
	}
	say("duty");
	return --duty_left > 0;
}

static void
handle(struct app *app, const struct request *req, struct response *resp)
{
	say("request");
	if (str_is(req->query, "work")) {
		left = STEPS;
		app->work = true;
	}
	if (str_is(req->query, "duty"))
		duty_left = STEPS;
	response_send(resp, 200, "text/plain; charset=utf-8", STR("done\n"));
}

int
main(int argc, char **argv)
{
	static const struct duty duty = { is_due, duty_step };
	static const struct program program = {
		.name = "after", .handle = handle, .after = after, .duty = &duty
	};

	return serve(argc, argv, &program);
}
