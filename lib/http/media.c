#include "http/media.h"

#include <string.h>

/* One "name=value" of a content type; `value` may be a quoted string. */
static bool
parameter_is_fine(struct str parameter)
{
	struct str name = str_cut(&parameter, '=');

	if (name.n == 0 || parameter.n == 0 || str_has_control(name) ||
	    str_index(name, ' ') < name.n)
		return false;
	if (parameter.p[0] == '"') {
		if (parameter.n < 2 || parameter.p[parameter.n - 1] != '"')
			return false;
		parameter = str_sub(parameter, 1, parameter.n - 2);
		if (str_index(parameter, '\\') < parameter.n)
			return false;
	}
	if (str_index(parameter, '"') < parameter.n || str_has_control(parameter))
		return false;
	if (str_eq_nocase(name, STR("charset")))
		return str_eq_nocase(parameter, STR("utf-8"));
	return true;
}

bool
media_is(struct str content_type, const char *type)
{
	struct str rest = content_type;

	if (!str_eq_nocase(str_trim(str_cut(&rest, ';')), str_of(type)))
		return false;
	while (rest.n > 0) {
		struct str parameter = str_trim(str_cut(&rest, ';'));

		if (parameter.n > 0 && !parameter_is_fine(parameter))
			return false;
	}
	return true;
}
