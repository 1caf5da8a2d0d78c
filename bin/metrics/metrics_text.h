/*
 * Prometheus' text format, version 0.0.4. A family is a name, a help text and a type,
 * then its samples. A label's value is escaped.
 */
#ifndef COMMAND_METRICS_TEXT_H
#define COMMAND_METRICS_TEXT_H

#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

struct metrics_label {
	const char *name;
	struct str value;
};

/* `name` is without the prefix doorward_, which is added here and below. */
void metrics_counter(struct buf *out, const char *name, const char *help);
void metrics_gauge(struct buf *out, const char *name, const char *help);

/* A sample. `labels` ends with a NULL name; NULL: it has none. */
void metrics_put(struct buf *out, const char *name, const struct metrics_label *labels,
		 int64_t value);

#endif
