#include "config/config_table.h"

static unsigned
lines_before(struct str text, size_t at)
{
	unsigned n = 0;

	for (size_t i = 0; i < at; i++)
		n += text.p[i] == '\n';
	return n;
}

/* Where the text stops being UTF-8. Lines are checked one at a time. */
static unsigned
first_bad_line(struct str text)
{
	unsigned line = 0;

	while (text.n > 0) {
		line++;
		if (!str_is_utf8(str_cut(&text, '\n')))
			break;
	}
	return line;
}

const char *
config_lines_init(struct config_lines *l, struct str text)
{
	size_t nul = str_index(text, '\0');

	*l = (struct config_lines){ .rest = text, .line = 1 };
	if (text.n > CONFIG_FILE_MAX)
		return "the file is larger than 1 MB";
	if (str_starts_with(text, STR("\xef\xbb\xbf")))
		return "the file starts with a byte order mark; save it as UTF-8 without "
		       "BOM";
	if (str_starts_with(text, STR("\xff\xfe")) ||
	    str_starts_with(text, STR("\xfe\xff")))
		return "the file is UTF-16; save it as UTF-8";
	l->line = 1 + lines_before(text, nul);
	if (nul < text.n)
		return "a NUL byte: this is no text file";
	if (!str_is_utf8(text)) {
		l->line = first_bad_line(text);
		return "not UTF-8; save the file as UTF-8";
	}
	l->line = 0;
	return NULL;
}

static bool
is_name(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
		      c == '-' || c == '.'))
			return false;
	}
	return s.n > 0 && s.n <= CONFIG_NAME_MAX;
}

static const char *
split(struct str line, struct str *name, struct str *value)
{
	size_t equals = str_index(line, '=');

	if (line.n > CONFIG_LINE_MAX)
		return "the line is longer than 4096 bytes";
	if (equals == line.n)
		return "expected `name = value`";
	*name = str_trim(str_sub(line, 0, equals));
	*value = str_trim(str_sub(line, equals + 1, line.n));
	if (!is_name(*name))
		return "expected a name of a-z, 0-9, _, - and . before the equals sign";
	for (size_t i = 0; i < value->n; i++)
		if (value->p[i] != '\t' && str_control(*value, i) > 0)
			return "a control character in the value";
	return NULL;
}

bool
config_next(struct config_lines *l, struct str *name, struct str *value,
	    const char **complaint)
{
	while (l->rest.n > 0) {
		struct str line = str_cut(&l->rest, '\n');

		l->line++;
		if (str_ends_with(line, STR("\r")))
			line.n--;
		if (line.n > 0 && line.p[0] == '#')
			continue;
		if (str_trim(line).n == 0)
			continue;
		*complaint = split(line, name, value);
		return true;
	}
	return false;
}
