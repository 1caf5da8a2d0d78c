/*
 * Paths: what is accepted is accepted again after another encoding, and holds
 * nothing that a second reader could take for something else.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/path.h"
#include "token/program_prefix.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool
has(struct str path, const char *what)
{
	return memmem(path.p, path.n, what, strlen(what)) != NULL;
}

/* The path of a program's token: its one form is read as itself, and admits itself. */
static void
check_prefix(struct str text)
{
	struct buf form, again;
	const char *reason;

	buf_init(&form, PROGRAM_PREFIX_MAX);
	buf_init(&again, PROGRAM_PREFIX_MAX);
	if (program_prefix_read(text, &form, &reason)) {
		struct str p = buf_str(&form);

		if (!program_prefix_read(p, &again, &reason) ||
		    !str_eq(buf_str(&again), p) || !program_prefix_admits(p, p) ||
		    program_prefix_admits(p, STR("/")) || has(p, "//") || has(p, "?"))
			abort();
	} else if (form.n != 0) {
		abort();
	}
	buf_done(&form);
	buf_done(&again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str target = { (const char *)data, size };
	struct buf path, encoded, again;
	const char *reason;

	buf_init(&path, PATH_MAX_BYTES);
	buf_init(&encoded, 3 * PATH_MAX_BYTES);
	buf_init(&again, PATH_MAX_BYTES);
	if (path_canonical(target, &path, &reason)) {
		struct str p = buf_str(&path);

		if (p.n == 0 || p.p[0] != '/' || str_has_control(p) || !str_is_utf8(p) ||
		    has(p, "//") || has(p, "/../") || has(p, "/./") || has(p, "\\") ||
		    str_ends_with(p, STR("/..")) || str_ends_with(p, STR("/.")))
			abort();
		for (size_t i = 0; i < p.n; i++)
			buf_addf(&encoded, p.p[i] == '/' ? "/" : "%%%02x",
				 (unsigned char)p.p[i]);
		if (!path_canonical(buf_str(&encoded), &again, &reason) ||
		    !str_eq(buf_str(&again), p))
			abort();
	} else if (path.n != 0 || reason == NULL) {
		abort();
	}
	check_prefix(target);
	buf_done(&path);
	buf_done(&encoded);
	buf_done(&again);
	return 0;
}
