#include "token/program_prefix.h"

#include "base/path.h"
#include "base/text.h"

#define KEPT "/!$&'()*+,=:@" /* of a path that need not be encoded (RFC 3986, 3.3) */

/* The canonical path of `text`, without a slash at its end. */
static bool
read_path(struct str text, struct buf *path, const char **reason)
{
	*reason = "a query has no place in a path";
	if (str_index(text, '?') < text.n || !path_canonical(text, path, reason))
		return false;
	while (path->n > 0 && path->p[path->n - 1] == '/')
		path->n--;
	*reason = "the whole site needs no prefix";
	return path->n > 0;
}

/* An escape is accepted only where the one form of the path has it, too. */
static bool
is_one_form(struct str text, struct str form)
{
	if (str_ends_with(text, STR("/")))
		text.n--;
	return str_index(text, '%') == text.n || str_eq(text, form);
}

bool
program_prefix_read(struct str text, struct buf *out, const char **reason)
{
	struct buf path, form;
	bool good;

	buf_init(&path, PATH_MAX_BYTES);
	buf_init(&form, PROGRAM_PREFIX_MAX);
	good = read_path(text, &path, reason);
	if (good) {
		*reason = "too long";
		good = text_add_percent(&form, buf_str(&path), KEPT);
	}
	if (good) {
		*reason = "an escape that is not needed";
		good = is_one_form(text, buf_str(&form));
	}
	if (good) {
		*reason = "too long";
		good = buf_add(out, buf_str(&form));
	}
	buf_done(&form);
	buf_done(&path);
	return good;
}

bool
program_prefix_admits(struct str prefix, struct str uri)
{
	struct buf wanted, asked;
	const char *reason;
	bool good;

	buf_init(&wanted, PATH_MAX_BYTES);
	buf_init(&asked, PATH_MAX_BYTES);
	good = path_canonical(prefix, &wanted, &reason) && wanted.n > 1 &&
	       path_canonical(uri, &asked, &reason) &&
	       str_starts_with(buf_str(&asked), buf_str(&wanted)) &&
	       (asked.n == wanted.n || asked.p[wanted.n] == '/');
	buf_done(&wanted);
	buf_done(&asked);
	return good;
}
