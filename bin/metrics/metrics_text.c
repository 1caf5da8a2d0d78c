#include "bin/metrics/metrics_text.h"

static void
put_family(struct buf *out, const char *name, const char *help, const char *type)
{
	buf_addf(out, "# HELP doorward_%s %s\n# TYPE doorward_%s %s\n", name, help, name,
		 type);
}

void
metrics_counter(struct buf *out, const char *name, const char *help)
{
	put_family(out, name, help, "counter");
}

void
metrics_gauge(struct buf *out, const char *name, const char *help)
{
	put_family(out, name, help, "gauge");
}

static void
put_value(struct buf *out, struct str value)
{
	for (size_t i = 0; i < value.n; i++) {
		if (value.p[i] == '\n') {
			buf_addz(out, "\\n");
			continue;
		}
		if (value.p[i] == '\\' || value.p[i] == '"')
			buf_addc(out, '\\');
		buf_addc(out, value.p[i]);
	}
}

void
metrics_put(struct buf *out, const char *name, const struct metrics_label *labels,
	    int64_t value)
{
	buf_addf(out, "doorward_%s", name);
	for (size_t i = 0; labels != NULL && labels[i].name != NULL; i++) {
		buf_addf(out, "%s%s=\"", i == 0 ? "{" : ",", labels[i].name);
		put_value(out, labels[i].value);
		buf_addc(out, '"');
	}
	if (labels != NULL && labels[0].name != NULL)
		buf_addc(out, '}');
	buf_addf(out, " %lld\n", (long long)value);
}
