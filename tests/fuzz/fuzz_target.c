/* `return_to`: whatever is accepted stays on this site, by a second reading. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "http/target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* As a browser reads it (URL Standard, 4.4): blanks go, backslash is a slash. */
static void
check_path(struct str s)
{
	char seen[TARGET_MAX];
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		if (strchr("\t\r\n", s.p[i]) == NULL)
			seen[n++] = s.p[i] == '\\' ? '/' : s.p[i];
	if (n == 0 || seen[0] != '/' || (n > 1 && seen[1] == '/') || n != s.n)
		abort();
	if (str_has_control(s))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const origins[] = { "https://app.example" };
	struct str target = { (const char *)data, size };
	struct buf login;

	if (target_is_path(target))
		check_path(target);
	else if (target_is_allowed(target, origins, 1) &&
		 !str_eq(target_origin(target), STR("https://app.example")))
		abort();
	buf_init(&login, 4 * TARGET_MAX);
	if (!target_login(&login, STR("/login"), target) ||
	    str_has_control(buf_str(&login)))
		abort();
	buf_done(&login);
	return 0;
}
