/*
 * Conditional and range headers, one a line (the fields in the order of
 * `names`): a range that is given lies within the file.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "http/conditional.h"

#define SIZE 1000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = {
		"HTTP_RANGE",         "HTTP_IF_RANGE",          "HTTP_IF_MATCH",
		"HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_UNMODIFIED_SINCE"
	};
	struct representation of = { STR("\"tag\""), 784111777, SIZE };
	struct str rest = { (const char *)data, size };
	char lines[6][256], *variables[8] = { "REQUEST_METHOD=GET" };
	struct request r;
	struct conditional c;

	for (size_t i = 0; i < 6 && rest.n > 0; i++) {
		struct str line = str_cut(&rest, '\n');

		snprintf(lines[i], sizeof(lines[i]), "%s=%.*s", names[i], STR_ARG(line));
		variables[i + 1] = lines[i];
	}
	if (request_init(&r, variables) == ERR_OK) {
		c = conditional_decide(&r, &of, 2000000000);
		if ((c.status == 200 || c.status == 206) &&
		    (c.first < 0 || c.length < 0 || c.first + c.length > SIZE))
			abort();
	}
	request_done(&r);
	return 0;
}
