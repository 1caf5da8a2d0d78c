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

static int left;

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

static void
handle(struct app *app, const struct request *req, struct response *resp)
{
	say("request");
	if (str_is(req->query, "work")) {
		left = STEPS;
		app->work = true;
	}
	response_send(resp, 200, "text/plain; charset=utf-8", STR("done\n"));
}

int
main(int argc, char **argv)
{
	static const struct program program = { .name = "after",
						.handle = handle,
						.after = after };

	return serve(argc, argv, &program);
}
