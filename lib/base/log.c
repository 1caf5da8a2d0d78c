#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"

static const char *const level_names[] = { "debug", "info", "warn", "error" };

static const char *program_name = "doorward";
static enum log_level least_level = LOG_INFO;
static int log_fd = STDERR_FILENO;

void
log_open(const char *program, enum log_level least)
{
	program_name = program;
	least_level = least;
}

enum err
log_to_file(const char *path, struct why *why)
{
	int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0640);

	if (fd < 0)
		return why_set(why, ERR_IO, "cannot open the log file %s: %s", path,
			       strerror(errno));
	if (log_fd != STDERR_FILENO)
		close(log_fd);
	log_fd = fd;
	return ERR_OK;
}

static bool
is_plain(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c <= 0x20 || c >= 0x7f || c == '"' || c == '\\' || c == '=')
			return false;
	}
	return s.n > 0;
}

static void
add_escaped(struct buf *line, struct str s)
{
	bool utf8 = str_is_utf8(s);
	size_t control_ends = 0;

	buf_addc(line, '"');
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (str_control(s, i) > 0)
			control_ends = i + str_control(s, i);
		if (c == '"' || c == '\\')
			buf_addf(line, "\\%c", c);
		else if (i < control_ends || (c >= 0x80 && !utf8))
			buf_addf(line, "\\x%02x", c);
		else
			buf_addc(line, (char)c);
	}
	buf_addc(line, '"');
}

static void
add_field(struct buf *line, const struct log_field *f)
{
	struct str shown = str_sub(f->value, 0, LOG_VALUE_MAX);

	buf_addf(line, " %s=", f->name);
	if (is_plain(shown))
		buf_add(line, shown);
	else
		add_escaped(line, shown);
	if (shown.n < f->value.n)
		buf_addz(line, "...");
}

static void
add_head(struct buf *line, enum log_level level, const char *event)
{
	char when[sizeof("2026-01-31T12:00:00Z")] = "unknown";
	time_t t = time(NULL);
	struct tm tm;

	if (gmtime_r(&t, &tm) != NULL)
		strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%SZ", &tm);
	buf_addf(line, "time=%s program=%s level=%s event=%s", when, program_name,
		 level_names[level], event);
}

void
log_write(enum log_level level, const char *event, const struct log_field *fields,
	  size_t n)
{
	struct buf line;

	if (level < least_level)
		return;
	buf_init(&line, LOG_LINE_MAX);
	add_head(&line, level, event);
	for (size_t i = 0; i < n; i++)
		if (fields[i].name != NULL)
			add_field(&line, &fields[i]);
	if (line.failed) { /* too many fields: the event at least */
		buf_clear(&line);
		add_head(&line, level, event);
	}
	buf_addc(&line, '\n');
	if (!line.failed && write(log_fd, line.p, line.n) < 0)
		log_fd = STDERR_FILENO;
	buf_done(&line);
}
