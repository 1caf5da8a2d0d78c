#include "bin/command.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"

static void complain(const char *format, va_list ap)
	__attribute__((format(printf, 1, 0)));

static void
complain(const char *format, va_list ap)
{
	fputs("doorward: ", stderr);
	vfprintf(stderr, format, ap);
	fputc('\n', stderr);
}

int
command_fail(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	complain(format, ap);
	va_end(ap);
	return COMMAND_FAILED;
}

int
command_no(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	complain(format, ap);
	va_end(ap);
	return COMMAND_NO;
}

bool
command_is_role(const char *word)
{
	static const char letters[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		"0123456789_.:-";
	size_t n = strlen(word);

	return n >= 1 && n <= 64 && strspn(word, letters) == n;
}

static const struct command_option *
option_find(const struct command_option *options, struct str name)
{
	for (; options != NULL && options->name != NULL; options++)
		if (str_is(name, options->name))
			return options;
	return NULL;
}

/* Store the value of `o`. False if it was given before. */
static bool
option_value(const struct command_option *o, const char *value)
{
	if (o->values != NULL) {
		if (*o->n == o->max)
			return false;
		o->values[(*o->n)++] = value;
		return true;
	}
	if (*o->value != NULL)
		return false;
	*o->value = value;
	return true;
}

static bool
option_flag(const struct command_option *o)
{
	if (*o->flag)
		return false;
	*o->flag = true;
	return true;
}

static void
unknown_option(struct str name, const struct command_option *options)
{
	const char *near =
		options == NULL ? NULL : text_nearest(name, options, sizeof(*options));

	if (near != NULL)
		command_fail("unknown option --%.*s; did you mean --%s?", STR_ARG(name),
			     near);
	else
		command_fail("unknown option --%.*s", STR_ARG(name));
}

/* One option at argv[*i]. Moves *i past a value that is a separate argument. */
static bool
take_option(int argc, char **argv, int *i, const struct command_option *options)
{
	struct str value = str_of(argv[*i] + 2);
	struct str name = str_cut(&value, '=');
	bool inline_value = argv[*i][2 + name.n] == '=';
	const struct command_option *o = option_find(options, name);
	const char *text = inline_value ? argv[*i] + 2 + name.n + 1 : NULL;

	if (o == NULL) {
		unknown_option(name, options);
		return false;
	}
	if (o->flag != NULL) {
		if (inline_value)
			command_fail("--%s takes no value", o->name);
		else if (!option_flag(o))
			command_fail("--%s was given twice", o->name);
		else
			return true;
		return false;
	}
	if (text == NULL && *i + 1 < argc)
		text = argv[++*i];
	if (text == NULL)
		command_fail("--%s needs a value", o->name);
	else if (!option_value(o, text))
		command_fail("--%s was given too often", o->name);
	else
		return true;
	return false;
}

bool
command_options(int *argc, char **argv, const struct command_option *options)
{
	int kept = 1;

	for (int i = 1; i < *argc; i++) {
		bool good = true;

		if (strcmp(argv[i], "--") == 0) {
			while (++i < *argc)
				argv[kept++] = argv[i];
			break;
		}
		if (strncmp(argv[i], "--", 2) == 0)
			good = take_option(*argc, argv, &i, options);
		else if (argv[i][0] == '-' && argv[i][1] != '\0')
			good = command_fail("unknown option %s; options are whole words "
					    "after two hyphens",
					    argv[i]) == COMMAND_OK;
		else
			argv[kept++] = argv[i];
		if (!good)
			return false;
	}
	argv[kept < *argc ? kept : *argc] = NULL;
	*argc = kept;
	return true;
}

bool
command_config(struct config *c)
{
	struct why why;

	if (config_load(config_path(), c, &why) == ERR_OK)
		return true;
	command_fail("%s", why.text);
	return false;
}

bool
command_write(struct str bytes)
{
	if (fwrite(bytes.p, 1, bytes.n, stdout) == bytes.n && fflush(stdout) == 0)
		return true;
	command_fail("cannot write: %s", strerror(errno));
	return false;
}

bool
command_read_stdin(struct buf *out)
{
	struct why why;

	if (file_read_rest(STDIN_FILENO, "standard input", out->max - out->n, out,
			   &why) == ERR_OK)
		return true;
	command_fail("%s", why.text);
	return false;
}

bool
command_read_token(struct buf *out)
{
	if (!command_read_stdin(out))
		return false;
	if (out->n > 0 && out->p[out->n - 1] == '\n') {
		out->n--;
		if (out->n > 0 && out->p[out->n - 1] == '\r')
			out->n--;
	}
	return true;
}

bool
command_confirm(bool yes, const char *format, ...)
{
	char answer[16] = "";
	va_list ap;

	if (yes || !isatty(STDIN_FILENO))
		return true;
	va_start(ap, format);
	vfprintf(stderr, format, ap);
	va_end(ap);
	fputs(" Go on? [y/N] ", stderr);
	if (fgets(answer, sizeof(answer), stdin) != NULL &&
	    (answer[0] == 'y' || answer[0] == 'Y'))
		return true;
	command_no("nothing changed");
	return false;
}

int
command_dispatch(int argc, char **argv, const struct command_action *actions)
{
	const char *near;

	for (const struct command_action *a = actions; argc > 1 && a->name != NULL; a++)
		if (strcmp(a->name, argv[1]) == 0)
			return a->run(argc - 1, argv + 1);
	near = argc > 1 ? text_nearest(str_of(argv[1]), actions, sizeof(*actions)) : NULL;
	if (near != NULL)
		return command_fail("%s knows no %s; did you mean %s?", argv[0], argv[1],
				    near);
	if (argc > 1)
		command_fail("%s knows no %s; this is what it knows:", argv[0], argv[1]);
	return COMMAND_MISUSED;
}

const char *
command_plural(int64_t n)
{
	return n == 1 ? "" : "s";
}

void
command_header(struct buf *out, const char *line)
{
	if (isatty(STDOUT_FILENO))
		buf_addf(out, "%s\n", line);
}

bool
command_now(int64_t *now)
{
	if (clock_now(now) == ERR_OK)
		return true;
	command_fail("%s", err_text(ERR_CLOCK));
	return false;
}

bool
command_write_line(struct str bytes, bool raw)
{
	return command_write(bytes) &&
	       (raw || !isatty(STDOUT_FILENO) || command_write(STR("\n")));
}

bool
command_duration(const char *name, const char *text, int64_t *seconds)
{
	if (text_duration(str_of(text), INT64_C(4000) * 86400, seconds) == ERR_OK)
		return true;
	command_fail("--%s: %s is not a duration like 90s, 10m, 2h or 30d", name, text);
	return false;
}
