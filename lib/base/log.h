/*
 * The log has one line per event, on stderr (the web server's error log) or in a file:
 *
 *   time=2026-01-31T12:00:00Z program=login level=info event=login_ok user=ann
 *
 * A value that is not plain is quoted. Quotes, backslashes, control bytes and bytes
 * that are not UTF-8 are escaped (\" \\ \xHH), so that nobody can forge a line.
 * Passwords, tokens, cookies and keys are never logged, at any level.
 */
#ifndef LOG_H
#define LOG_H

#include <stddef.h>

#include "base/err.h"
#include "base/str.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

struct log_field {
	const char *name;
	struct str value; /* at most LOG_VALUE_MAX bytes are shown, then "..." */
};

#define LOG_VALUE_MAX 256
#define LOG_LINE_MAX 4096

/* Set the program's name for each line (a static string), and the lowest level. */
void log_open(const char *program, enum log_level least);

/*
 * From now on append to the file `path`, or write to stderr if it is NULL. ERR_IO if
 * the file cannot be opened; nothing has changed then. An error that may pass (a full
 * disk, too many open files) is not reported here.
 *
 * Before each line the name is looked up. If it now belongs to another file or to
 * none, the log was rotated, and a new file is opened. A line that cannot be written
 * goes to stderr, and the next line is tried in the file again. If only a part of a
 * line was written, the next line, of whichever process, begins on a new line.
 */
enum err log_to_file(const char *path, struct why *why);

/* LOG(LOG_INFO, "login_ok", { "user", name }, { "address", address }); */
#define LOG(level, event, ...)                                                           \
	do {                                                                             \
		const struct log_field log_all[] = { __VA_ARGS__ };                      \
		log_write(level, event, log_all, sizeof(log_all) / sizeof(*log_all));    \
	} while (0)

/* Write one line. LOG(…) calls it. */
void log_write(enum log_level level, const char *event, const struct log_field *fields,
	       size_t n);

#endif
