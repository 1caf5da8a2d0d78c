/* A place to which forms may lead: what a policy names says nothing else. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "csp/csp.h"

#define BEFORE "default-src 'none'; form-action 'self'"
#define AFTER "; base-uri 'none'"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str source = { (const char *)data, size }, added;
	size_t before = sizeof(BEFORE) - 1, after = sizeof(AFTER) - 1;
	struct buf out;

	buf_init(&out, size + 200);
	if (csp_lead_to(&out, STR(BEFORE AFTER), source)) {
		if (!str_starts_with(buf_str(&out), STR(BEFORE " ")) ||
		    !str_ends_with(buf_str(&out), STR(AFTER)))
			abort();
		added = str_sub(buf_str(&out), before + 1, out.n - before - 1 - after);
		for (size_t i = 0; i < added.n; i++)
			if (added.p[i] <= 0x20 || added.p[i] >= 0x7f ||
			    added.p[i] == ';' || added.p[i] == ',' || added.p[i] == '*' ||
			    added.p[i] == '\'')
				abort();
		if (!str_starts_with(source, added)) /* or a part of it, the scheme */
			abort();
	} else if (out.n > 0) {
		abort();
	}
	buf_done(&out);
	return 0;
}
