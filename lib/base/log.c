#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"

#define TELL_MS 60000 /* how often the log says why the file cannot be written */

static const char *const level_names[] = { "debug", "info", "warn", "error" };

static const char *program_name = "doorward";
static enum log_level least_level = LOG_INFO;

/* Lines go to this file while `path` is set, and to stderr otherwise. */
static struct {
	char *path;
	int fd; /* -1 if it could not be opened */
	dev_t device;
	ino_t inode;
	bool torn;       /* the last line that was written there is incomplete */
	int64_t next_ms; /* when to say again why it cannot be written */
} file = { .fd = -1 };

void
log_open(const char *program, enum log_level least)
{
	program_name = program;
	least_level = least;
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

static void
add_line(struct buf *line, enum log_level level, const char *event,
	 const struct log_field *fields, size_t n)
{
	add_head(line, level, event);
	for (size_t i = 0; i < n; i++)
		if (fields[i].name != NULL)
			add_field(line, &fields[i]);
	buf_addc(line, '\n');
}

/* ---- the file ---- */

static void
close_file(void)
{
	if (file.fd >= 0)
		close(file.fd);
	file.fd = -1;
	file.torn = false;
}

/* Also readable if possible, because is_torn reads the last byte. */
static int
open_path(const char *path)
{
	const int flags = O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
	int fd = open(path, O_RDWR | flags, 0640);

	return fd < 0 && errno == EACCES ? open(path, O_WRONLY | flags, 0640) : fd;
}

static bool
use_file(int fd)
{
	struct stat st;

	close_file();
	file.fd = fd;
	if (fd < 0 || fstat(fd, &st) != 0)
		return false;
	file.device = st.st_dev;
	file.inode = st.st_ino;
	return true;
}

/* True for errors that may pass, unlike a wrong name or a missing right. */
static bool
is_passing(int problem)
{
	return problem == ENOSPC || problem == EDQUOT || problem == EMFILE ||
	       problem == ENFILE || problem == ENOMEM || problem == EIO;
}

enum err
log_to_file(const char *path, struct why *why)
{
	char *copy = path == NULL ? NULL : strdup(path);
	int fd = copy == NULL ? -1 : open_path(copy);

	if (path != NULL && copy == NULL)
		return why_set(why, ERR_MEMORY, "no memory for the log file's name");
	if (copy != NULL && fd < 0 && !is_passing(errno)) {
		free(copy);
		return why_set(why, ERR_IO, "cannot open the log file %s: %s", path,
			       strerror(errno));
	}
	use_file(fd);
	free(file.path);
	file.path = copy;
	file.next_ms = 0;
	return ERR_OK;
}

/*
 * Since the last line, the name may have become the name of another file, or of none,
 * because the log was rotated. `st` then describes the new file.
 */
static bool
follow_name(struct stat *st)
{
	bool found = stat(file.path, st) == 0;

	if (file.fd >= 0 && found && st->st_dev == file.device &&
	    st->st_ino == file.inode)
		return true;
	if (file.fd >= 0 && !found && errno != ENOENT)
		return fstat(file.fd, st) == 0;
	return use_file(open_path(file.path)) && fstat(file.fd, st) == 0;
}

/* True if the last line of the file is incomplete, whichever process wrote it. */
static bool
is_torn(const struct stat *st)
{
	char last;

	if (!S_ISREG(st->st_mode))
		return false;
	if (st->st_size > 0 && pread(file.fd, &last, 1, st->st_size - 1) == 1)
		return last != '\n';
	return file.torn && st->st_size > 0;
}

/*
 * `line` starts with a line feed, which ends an incomplete line. It is written in one
 * call, so that the lines of several processes do not mix.
 */
static bool
write_to_file(struct str line)
{
	struct stat st;
	ssize_t n;

	if (!follow_name(&st))
		return false;
	if (!is_torn(&st))
		line = str_sub(line, 1, line.n);
	do
		n = write(file.fd, line.p, line.n);
	while (n < 0 && errno == EINTR);
	if (n >= 0)
		file.torn = (size_t)n < line.n;
	if (file.torn && n >= 0)
		errno = ENOSPC;
	return n == (ssize_t)line.n;
}

static void
write_to_stderr(struct str line)
{
	while (line.n > 0) {
		ssize_t n = write(STDERR_FILENO, line.p, line.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return;
		line = str_sub(line, (size_t)n, line.n);
	}
}

static void
tell(int problem)
{
	const struct log_field fields[] = {
		{ "path", str_of(file.path) },
		{ "reason", str_of(strerror(problem)) },
	};
	int64_t now = clock_monotonic_ms();
	struct buf line;

	if (now < file.next_ms)
		return;
	file.next_ms = now + TELL_MS;
	buf_init(&line, LOG_LINE_MAX);
	add_line(&line, LOG_ERROR, "log_not_written", fields, 2);
	if (!line.failed)
		write_to_stderr(buf_str(&line));
	buf_done(&line);
}

void
log_write(enum log_level level, const char *event, const struct log_field *fields,
	  size_t n)
{
	struct buf line;

	if (level < least_level)
		return;
	buf_init(&line, LOG_LINE_MAX + 1);
	buf_addc(&line, '\n');
	add_line(&line, level, event, fields, n);
	if (line.failed) { /* too many fields: write at least the event */
		buf_clear(&line);
		buf_addc(&line, '\n');
		add_line(&line, level, event, NULL, 0);
	}
	if (!line.failed && (file.path == NULL || !write_to_file(buf_str(&line)))) {
		if (file.path != NULL)
			tell(errno);
		write_to_stderr(str_sub(buf_str(&line), 1, line.n));
	}
	buf_done(&line);
}
