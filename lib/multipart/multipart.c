#include "multipart/multipart.h"

#include <string.h>

#define BOUNDARY_MAX 70 /* RFC 2046, 5.1.1 */
#define HEADERS_MAX 8   /* of a part */

/* The next line, which ends with CRLF. */
static bool
take_line(struct str *rest, struct str *line)
{
	const char *end = rest->n > 0 ? memmem(rest->p, rest->n, "\r\n", 2) : NULL;

	if (end == NULL)
		return false;
	*line = str_sub(*rest, 0, (size_t)(end - rest->p));
	*rest = str_sub(*rest, line->n + 2, rest->n - line->n - 2);
	return true;
}

/*
 * The next parameter of a header, `; name=value` or `; name="value"`. In quotes nothing is
 * escaped: browsers write a quote as %22.
 */
static bool
take_parameter(struct str *rest, struct str *name, struct str *value)
{
	size_t end;

	*rest = str_trim(*rest);
	if (rest->n == 0 || rest->p[0] != ';')
		return false;
	*rest = str_sub(*rest, 1, rest->n - 1);
	if ((end = str_index(*rest, '=')) == rest->n)
		return false;
	*name = str_trim(str_sub(*rest, 0, end));
	*rest = str_sub(*rest, end + 1, rest->n - end - 1);
	if (rest->n > 0 && rest->p[0] == '"') {
		*rest = str_sub(*rest, 1, rest->n - 1);
		if ((end = str_index(*rest, '"')) == rest->n)
			return false;
		*value = str_sub(*rest, 0, end);
		*rest = str_sub(*rest, end + 1, rest->n - end - 1);
		return true;
	}
	end = str_index(*rest, ';');
	*value = str_trim(str_sub(*rest, 0, end));
	*rest = str_sub(*rest, end, rest->n - end);
	return value->n > 0;
}

/* The only parameter `wanted` of those in `rest`. */
static bool
find_parameter(struct str rest, const char *wanted, struct str *value)
{
	struct str name, found;
	bool seen = false;

	rest = str_trim(rest);
	while (rest.n > 0) {
		if (!take_parameter(&rest, &name, &found))
			return false;
		rest = str_trim(rest);
		if (!str_eq_nocase(name, str_of(wanted)))
			continue;
		if (seen)
			return false;
		seen = true;
		*value = found;
	}
	return seen;
}

static bool
is_boundary(struct str s)
{
	static const char letters[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		"0123456789'()+_,-./:=? ";

	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == '\0' || strchr(letters, s.p[i]) == NULL)
			return false;
	return s.n > 0 && s.n <= BOUNDARY_MAX && s.p[s.n - 1] != ' ';
}

/* The name of a part, from its headers, which end with an empty line. */
static bool
take_headers(struct str *rest, struct str *name)
{
	static const char wanted[] = "form-data";
	struct str line, field;
	bool named = false;

	for (size_t i = 0; i <= HEADERS_MAX; i++) {
		if (!take_line(rest, &line))
			return false;
		if (line.n == 0)
			return named;
		field = str_trim(str_cut(&line, ':'));
		if (!str_eq_nocase(field, STR("Content-Disposition")))
			continue;
		line = str_trim(line);
		if (named ||
		    !str_eq_nocase(str_sub(line, 0, sizeof(wanted) - 1), str_of(wanted)))
			return false;
		line = str_sub(line, sizeof(wanted) - 1, line.n);
		named = find_parameter(line, "name", name);
		if (!named || name->n == 0 || !str_is_utf8(*name) ||
		    str_has_control(*name))
			return false;
	}
	return false;
}

/* All parts, behind the first boundary line. `mark` is CRLF, "--" and the boundary. */
static enum err
take_parts(struct form *f, struct str rest, struct str mark)
{
	struct form_field *field;
	const char *end;

	do {
		if (f->n == MULTIPART_PARTS_MAX)
			return ERR_LIMIT;
		field = &f->fields[f->n];
		if (!take_headers(&rest, &field->name) || rest.n == 0)
			return ERR_SYNTAX;
		if ((end = memmem(rest.p, rest.n, mark.p, mark.n)) == NULL)
			return ERR_SYNTAX;
		field->value = str_sub(rest, 0, (size_t)(end - rest.p));
		rest = str_sub(rest, field->value.n + mark.n, rest.n);
		f->n++;
		if (str_is(rest, "--\r\n") || str_is(rest, "--"))
			return ERR_OK;
	} while (str_starts_with(rest, STR("\r\n")) &&
		 (rest = str_sub(rest, 2, rest.n), true));
	return ERR_SYNTAX;
}

enum err
multipart_parse(struct form *f, struct str content_type, struct str body)
{
	struct str boundary, type, line, mark;
	struct buf text;
	enum err e;

	f->n = 0;
	buf_init(&f->bytes, 1);
	buf_init(&text, BOUNDARY_MAX + 8);
	type = str_trim(str_sub(content_type, 0, str_index(content_type, ';')));
	if (!str_eq_nocase(type, STR("multipart/form-data")))
		return ERR_UNSUPPORTED;
	content_type =
		str_sub(content_type, str_index(content_type, ';'), content_type.n);
	if (!find_parameter(content_type, "boundary", &boundary) ||
	    !is_boundary(boundary))
		return ERR_SYNTAX;
	buf_addz(&text, "\r\n--");
	buf_add(&text, boundary);
	mark = buf_str(&text);
	if (text.failed)
		e = ERR_MEMORY;
	else if (!take_line(&body, &line) || !str_eq(line, str_sub(mark, 2, mark.n)))
		e = ERR_SYNTAX;
	else
		e = take_parts(f, body, mark);
	buf_done(&text);
	if (e != ERR_OK)
		f->n = 0;
	return e;
}
