#include "bin/curl.h"

#include <unistd.h>

#include "bin/process.h"

extern char **environ;

bool
curl_option(struct buf *config, const char *name, struct str value)
{
	if (str_has_control(value))
		return false;
	buf_addf(config, "%s = \"", name);
	for (size_t i = 0; i < value.n; i++) {
		if (value.p[i] == '"' || value.p[i] == '\\')
			buf_addc(config, '\\');
		buf_addc(config, value.p[i]);
	}
	return buf_addz(config, "\"\n");
}

void
curl_flag(struct buf *config, const char *name)
{
	buf_addz(config, name);
	buf_addc(config, '\n');
}

int
curl_run(struct str config, struct str more, struct buf *out, bool *too_long)
{
	static char curl[] = "curl", no_curlrc[] = "-q", from[] = "--config",
		    stdin_[] = "-";
	char *const argv[] = { curl, no_curlrc, from, stdin_, NULL };
	const struct process process = {
		.argv = argv, .envp = environ, .input = config, .more = more
	};

	return process_run(&process, out, too_long);
}
