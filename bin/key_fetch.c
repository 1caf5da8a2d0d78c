/*
 * doorward key fetch: the key sets of other issuers, over HTTPS, for cron.
 * curl(1) does the talking: TLS and HTTP from outside stay out of the process
 * that reads our keys.
 */
#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "key.h"

extern char **environ;

/* http is good enough only for this very host. */
static bool
is_loopback(struct str url)
{
	static const char *const hosts[] = { "http://localhost", "http://127.0.0.1",
					     "http://[::1]" };

	for (size_t i = 0; i < sizeof(hosts) / sizeof(*hosts); i++) {
		struct str host = str_of(hosts[i]);

		if (str_starts_with(url, host) &&
		    (url.n == host.n || url.p[host.n] == '/' || url.p[host.n] == ':'))
			return true;
	}
	return false;
}

static bool
read_pipe(int fd, struct buf *out)
{
	char piece[4096];
	ssize_t n;

	while ((n = read(fd, piece, sizeof(piece))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 || !buf_add(out, (struct str){ piece, (size_t)n }))
			return false;
	}
	return true;
}

/* Start curl with its stdout in *fd; 0 or an errno. -q: no ~/.curlrc. */
static int
start_curl(const char *url, bool http, pid_t *pid, int *fd)
{
	char *const argv[] = { "curl",
			       "-q",
			       "--silent",
			       "--show-error",
			       "--fail",
			       "--globoff",
			       "--proto",
			       http ? "=http" : "=https",
			       "--tlsv1.2",
			       "--connect-timeout",
			       "10",
			       "--max-time",
			       "30",
			       "--header",
			       "Accept: application/jwk-set+json, application/json",
			       "--url",
			       (char *)(uintptr_t)url,
			       NULL };
	posix_spawn_file_actions_t actions;
	int ends[2];
	int e;

	if (pipe(ends) != 0)
		return errno;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
	posix_spawn_file_actions_addclose(&actions, ends[0]);
	posix_spawn_file_actions_addclose(&actions, ends[1]);
	e = posix_spawnp(pid, "curl", &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	close(ends[1]);
	if (e != 0)
		close(ends[0]);
	*fd = ends[0];
	return e;
}

/* What `url` answers, or a complaint (curl's own goes to stderr as well). */
static bool
download(const char *url, struct buf *out)
{
	bool http = is_loopback(str_of(url));
	bool whole;
	int status = -1;
	int fd;
	pid_t pid;
	int e;

	if (!http && !str_starts_with(str_of(url), STR("https://"))) {
		command_fail("%s: only https:// will do", url);
		return false;
	}
	if ((e = start_curl(url, http, &pid, &fd)) != 0) {
		command_fail("curl cannot be started: %s", strerror(e));
		return false;
	}
	whole = read_pipe(fd, out);
	close(fd); /* curl, if it has more to say, ends here */
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	if (!whole)
		command_fail("%s: longer than %zu bytes", url, out->max);
	else if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		command_fail("%s: could not be fetched", url);
	return whole && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* Only a set that a verifier would accept takes the old one's place. */
static bool
renew(const struct config_issuer *issuer)
{
	struct keyset set = { 0 };
	struct buf json;
	struct why why = { "" };
	bool good = false;

	buf_init(&json, KEYSET_BYTES);
	if (issuer->keys == NULL || issuer->keys_url == NULL)
		command_fail("issuer.%s.keys and issuer.%s.keys_url must be set",
			     issuer->name, issuer->name);
	else if (!download(issuer->keys_url, &json))
		fprintf(stderr, "doorward: %s: the last good keys stay in place\n",
			issuer->name);
	else if (keyset_parse(buf_str(&json), KEYSET_VERIFY, &set, &why) != ERR_OK)
		command_fail("%s: %s; the last good keys stay in place", issuer->keys_url,
			     why.text);
	else if (keyset_is_secret(&set))
		command_fail("%s: a secret that is published is none", issuer->keys_url);
	else
		good = key_write_public(issuer->keys, buf_str(&json));
	keyset_done(&set);
	buf_done(&json);
	return good;
}

static bool
is_named(const char *name, int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], name) == 0)
			return true;
	return argc == 1;
}

static bool
is_known(const struct config *c, const char *name)
{
	for (size_t i = 0; i < c->issuers.n; i++)
		if (strcmp(c->issuers.items[i].name, name) == 0)
			return true;
	command_no("the settings know no issuer %s", name);
	return false;
}

static int
fetch(const struct config *c, int argc, char **argv)
{
	int status = COMMAND_OK;

	for (int i = 1; i < argc; i++)
		if (!is_known(c, argv[i]))
			return COMMAND_NO;
	for (size_t i = 0; i < c->issuers.n; i++) {
		const struct config_issuer *issuer = &c->issuers.items[i];

		if (!is_named(issuer->name, argc, argv) ||
		    (argc == 1 && issuer->keys_url == NULL))
			continue;
		if (!renew(issuer))
			status = COMMAND_FAILED;
	}
	return status;
}

int
key_fetch(int argc, char **argv)
{
	struct config c;
	int status;

	if (!command_options(&argc, argv, NULL))
		return command_usage("key");
	if (!command_config(&c))
		return COMMAND_FAILED;
	status = fetch(&c, argc, argv);
	config_done(&c);
	return status;
}
