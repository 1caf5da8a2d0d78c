#include "bin/mail/mail_result.h"

#include <stdarg.h>
#include <stdio.h>

#include "crypto/secret.h"

void
mail_failed(struct mail_result *result, enum mail_outcome outcome, bool away,
	    const char *format, ...)
{
	va_list ap;

	result->outcome = outcome;
	result->away = away;
	va_start(ap, format);
	vsnprintf(result->reason.text, sizeof(result->reason.text), format, ap);
	va_end(ap);
}

void
mail_one_line(struct str said, char line[MAIL_LINE])
{
	size_t n = 0;

	while (said.n > 0 && n < MAIL_LINE - 1) {
		struct str next = str_trim(str_cut(&said, '\n'));

		if (n > 0 && next.n > 0)
			line[n++] = ' ';
		for (size_t i = 0; i < next.n && n < MAIL_LINE - 1; i++)
			line[n++] =
				next.p[i] >= ' ' && next.p[i] <= '~' ? next.p[i] : '?';
	}
	line[n] = '\0';
}

enum err
mail_credentials(const char *path, struct buf *file, struct str *name,
		 struct str *password, struct why *why)
{
	enum err e = secret_read_file(path, file->max, file, why);
	struct str rest = buf_str(file);

	if (e != ERR_OK)
		return e;
	*name = str_trim(str_cut(&rest, '\n'));
	*password = str_cut(&rest, '\n');
	if (str_ends_with(*password, STR("\r")))
		*password = str_sub(*password, 0, password->n - 1);
	if (str_ends_with(*name, STR("\r")))
		*name = str_sub(*name, 0, name->n - 1);
	if (name->n == 0 || password->n == 0 || rest.n > 0 || str_has_control(*name) ||
	    str_has_control(*password) || str_index(*name, ':') < name->n)
		return why_set(why, ERR_SYNTAX,
			       "%s: two lines are wanted, a name without a colon and a "
			       "password",
			       path);
	return ERR_OK;
}
