#include "doctor_fetch.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/*
 * What to do goes to curl's stdin and not into its arguments, where everybody
 * on the host could read the token.
 */
static bool
put_config(const struct ask *ask, struct buf *out)
{
	if (str_has_control(ask->site) || str_has_control(ask->path) ||
	    str_has_control(ask->token) || str_index(ask->path, '"') < ask->path.n ||
	    str_index(ask->path, '\\') < ask->path.n ||
	    str_index(ask->token, '"') < ask->token.n)
		return false;
	buf_addf(out, "url = \"%.*s%.*s\"\n", STR_ARG(ask->site), STR_ARG(ask->path));
	buf_addz(out, "header = \"Accept: */*\"\n");
	if (ask->token.n > 0)
		buf_addf(out, "header = \"Authorization: Bearer %.*s\"\n",
			 STR_ARG(ask->token));
	if (ask->type != NULL) {
		buf_addf(out, "header = \"Content-Type: %s\"\n", ask->type);
		buf_addz(out, "header = \"Expect:\"\ndata-binary = \"");
		for (size_t i = 0; i < ask->body; i++)
			buf_addc(out, 'a');
		buf_addz(out, "\"\n");
	}
	return !out->failed;
}

/* A file that only we have, at its start. */
static int
config_file(struct str bytes)
{
	char name[] = "/tmp/doorward-doctor-XXXXXX";
	int fd = mkostemp(name, O_CLOEXEC);

	if (fd < 0)
		return -1;
	unlink(name);
	while (bytes.n > 0) {
		ssize_t n = write(fd, bytes.p, bytes.n);

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

static bool
start_curl(int config, pid_t *pid, int *out)
{
	char *const argv[] = { "curl",       "-q",        "--silent",
			       "--include",  "--globoff", "--path-as-is",
			       "--http1.1",  "--proto",   "=http,https",
			       "--max-time", "20",        "--config",
			       "-",          NULL };
	posix_spawn_file_actions_t actions;
	int ends[2], e;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return false;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, config, STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
	e = posix_spawnp(pid, "curl", &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	close(ends[1]);
	if (e != 0)
		close(ends[0]);
	*out = ends[0];
	return e == 0;
}

static void
read_answer(int fd, struct buf *out)
{
	char piece[8192];
	ssize_t n;

	while ((n = read(fd, piece, sizeof(piece))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 || !buf_add(out, (struct str){ piece, (size_t)n }))
			return;
	}
}

static const char *
curl_problem(int status)
{
	if (!WIFEXITED(status))
		return "curl was killed";
	switch (WEXITSTATUS(status)) {
	case 0:
		return "no answer";
	case 6:
		return "the host's name is unknown";
	case 7:
		return "nobody listens there";
	case 28:
		return "no answer within 20 seconds";
	case 35:
		return "TLS cannot be agreed upon";
	case 60:
		return "the certificate is not good";
	case 127:
		return "curl is not installed";
	default:
		return "curl could not ask";
	}
}

/* Head and body of the last answer; 100 Continue and the like come before it. */
static bool
split(struct answer *a)
{
	struct str rest = buf_str(&a->bytes);

	for (;;) {
		int64_t status;
		size_t end = 0;

		if (rest.n < 12 || !str_starts_with(rest, STR("HTTP/1.")) ||
		    !str_to_int(str_sub(rest, 9, 3), 100, 599, &status))
			return false;
		while (end + 4 <= rest.n &&
		       !str_eq(str_sub(rest, end, 4), STR("\r\n\r\n")))
			end++;
		if (end + 4 > rest.n)
			return false;
		a->status = (int)status;
		a->head = str_sub(rest, 0, end + 2);
		a->body = str_sub(rest, end + 4, rest.n);
		if (status >= 200)
			return true;
		rest = a->body;
	}
}

void
doctor_fetch(const struct ask *ask, struct answer *a)
{
	struct buf config;
	int file = -1, out = -1, status = -1;
	pid_t pid = -1;

	*a = (struct answer){ .lost = "curl could not be started" };
	buf_init(&a->bytes, DOCTOR_ANSWER_MAX);
	buf_init(&config, DOCTOR_ANSWER_MAX);
	if (put_config(ask, &config) && (file = config_file(buf_str(&config))) >= 0 &&
	    start_curl(file, &pid, &out)) {
		read_answer(out, &a->bytes);
		close(out);
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			continue;
		a->lost = split(a) ? NULL : curl_problem(status);
	}
	if (file >= 0)
		close(file);
	buf_done(&config);
}

void
doctor_answer_done(struct answer *a)
{
	buf_done(&a->bytes);
}

static bool
next_line(struct str *rest, struct str *name, struct str *value)
{
	struct str line = str_cut(rest, '\n');

	if (line.n == 0)
		return false;
	*name = str_cut(&line, ':');
	*value = line;
	if (str_ends_with(*value, STR("\r")))
		value->n--;
	*value = str_trim(*value);
	return true;
}

bool
doctor_header(const struct answer *a, struct str wanted, struct str *value)
{
	struct str rest = a->head, name;

	while (next_line(&rest, &name, value))
		if (str_eq_nocase(name, wanted))
			return true;
	return false;
}

bool
doctor_header_starts(const struct answer *a, struct str prefix)
{
	struct str rest = a->head, name, value;

	while (next_line(&rest, &name, &value))
		if (str_eq_nocase(str_sub(name, 0, prefix.n), prefix))
			return true;
	return false;
}
