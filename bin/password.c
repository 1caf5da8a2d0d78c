#include "bin/password.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "crypto/secret.h"
#include "people/password_rules.h"

#include "bin/command.h"

static volatile sig_atomic_t caught; /* the signal that interrupted a prompt */

static void catch (int number)
{
	caught = number;
}

static const int prompt_signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP };
#define PROMPT_SIGNALS (sizeof(prompt_signals) / sizeof(*prompt_signals))

static void
handlers_set(struct sigaction *old)
{
	struct sigaction sa = { .sa_handler = catch };

	sigemptyset(&sa.sa_mask); /* no SA_RESTART: the read must end */
	caught = 0;
	for (size_t i = 0; i < PROMPT_SIGNALS; i++)
		sigaction(prompt_signals[i], &sa, &old[i]);
}

static void
handlers_restore(const struct sigaction *old)
{
	for (size_t i = 0; i < PROMPT_SIGNALS; i++)
		sigaction(prompt_signals[i], &old[i], NULL);
}

/* A line without its end; false at the end of input or by a signal. */
static bool
read_line(int tty, struct buf *out)
{
	char c = '\0';
	ssize_t n = 0;

	while (caught == 0 && (n = read(tty, &c, 1)) == 1 && c != '\n')
		buf_addc(out, c);
	return n == 1 && c == '\n' && caught == 0;
}

/* Echo goes off for one line, and on again whatever happens. */
static bool
ask(int tty, const char *prompt, struct buf *out)
{
	struct sigaction old[PROMPT_SIGNALS];
	struct termios before, silent;
	bool read;

	if (tcgetattr(tty, &before) != 0) {
		command_fail("the terminal cannot turn its echo off");
		return false;
	}
	silent = before;
	silent.c_lflag &= ~(tcflag_t)ECHO;
	handlers_set(old);
	tcsetattr(tty, TCSAFLUSH, &silent);
	dprintf(tty, "%s: ", prompt);
	read = read_line(tty, out);
	tcsetattr(tty, TCSAFLUSH, &before);
	dprintf(tty, "\n");
	handlers_restore(old);
	if (caught != 0)
		raise(caught);
	if (!read)
		command_fail("no password was typed");
	else if (out->failed)
		command_fail("the password is longer than %zu bytes", out->max);
	return read && !out->failed;
}

static bool
ask_again(int tty, struct buf *out)
{
	struct buf again;
	bool same;

	buf_init(&again, out->max);
	same = ask(tty, "The same again", &again);
	if (same && !secret_equal(buf_str(&again), buf_str(out))) {
		command_fail("these were two different passwords");
		same = false;
	}
	buf_done(&again);
	return same;
}

static bool
from_terminal(const char *prompt, bool repeat, struct buf *out)
{
	int tty = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	bool good;

	if (tty < 0) {
		command_fail("no terminal to ask at; use --password-stdin");
		return false;
	}
	good = ask(tty, prompt, out) && (!repeat || ask_again(tty, out));
	close(tty);
	return good;
}

static bool
from_standard_input(struct buf *out)
{
	if (!command_read_stdin(out))
		return false;
	if (out->n > 0 && out->p[out->n - 1] == '\n')
		out->n--;
	if (out->n > 0 && out->p[out->n - 1] == '\r')
		out->n--;
	if (str_index(buf_str(out), '\n') < out->n) {
		command_fail("more than one line on standard input");
		return false;
	}
	if (out->p != NULL)
		out->p[out->n] = '\0';
	return true;
}

bool
password_ask(const char *prompt, bool repeat, bool from_stdin, struct buf *out)
{
	return from_stdin ? from_standard_input(out) : from_terminal(prompt, repeat, out);
}

/* "HOST" of public_url: a password must not contain the site's name either. */
static struct str
site_of(const struct config *c)
{
	return str_of(c->site_name);
}

enum err
password_ask_hash(const struct config *c, struct str name, bool from_stdin,
		  char hash[PASSWORD_HASH_SIZE], struct why *why)
{
	struct password_cost cost = { (size_t)c->password_memory,
				      (unsigned)c->password_time };
	enum password_rule rule;
	struct buf password;
	enum err e;

	buf_init(&password, PASSWORD_MAX + 2);
	if (!password_ask("New password", true, from_stdin, &password)) {
		buf_done(&password);
		return why_set(why, ERR_SYNTAX, "no password, nothing changed");
	}
	rule = password_rules_check(buf_str(&password), (size_t)c->password_min_length,
				    name, site_of(c));
	if (rule != PASSWORD_GOOD)
		e = why_set(why, ERR_SYNTAX, "%s", password_rules_text(rule));
	else
		e = password_hash(&cost, buf_str(&password), hash, why);
	buf_done(&password);
	return e;
}
