#include "page/catalogue.h"

/* A line of a catalogue. False for a comment or an empty line. */
static bool
is_phrase(struct str line, struct str *key, struct str *phrase)
{
	*key = str_trim(str_cut(&line, '='));
	*phrase = str_trim(line);
	return key->n > 0 && key->p[0] != '#';
}

bool
catalogue_next(struct str *rest, struct str *key, struct str *phrase)
{
	while (rest->n > 0)
		if (is_phrase(str_cut(rest, '\n'), key, phrase))
			return true;
	return false;
}

/* Most lines have another key, which the first bytes show. */
static bool
may_have_key(struct str line, struct str key)
{
	size_t i = 0;

	while (i < line.n && (line.p[i] == ' ' || line.p[i] == '\t'))
		i++;
	return line.n - i >= key.n && line.p[i] == key.p[0] &&
	       str_starts_with(str_sub(line, i, key.n), key);
}

bool
catalogue_find(struct str catalogue, struct str key, struct str *phrase)
{
	struct str name;

	while (key.n > 0 && catalogue.n > 0) {
		struct str line = str_cut(&catalogue, '\n');

		if (may_have_key(line, key) && is_phrase(line, &name, phrase) &&
		    str_eq(name, key))
			return phrase->n > 0;
	}
	return false;
}

/* The names that templates may use for phrases: login.wrong */
static bool
is_key(struct str key)
{
	for (size_t i = 0; i < key.n; i++) {
		char c = key.p[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '_' &&
		    c != '.')
			return false;
	}
	return key.n > 0;
}

/* The first line before `end` that has `key`. 0 if there is none. */
static unsigned
line_of(struct str catalogue, const char *end, struct str key)
{
	struct str name, phrase;

	for (unsigned n = 1; catalogue.n > 0 && catalogue.p < end; n++)
		if (is_phrase(str_cut(&catalogue, '\n'), &name, &phrase) &&
		    str_eq(name, key))
			return n;
	return 0;
}

enum err
catalogue_check(struct str catalogue, struct why *why)
{
	struct str rest = catalogue, key, phrase;

	for (unsigned n = 1, before; rest.n > 0; n++) {
		struct str line = str_cut(&rest, '\n');

		if (!is_phrase(line, &key, &phrase) && key.n > 0)
			continue;
		if (str_trim(line).n == 0)
			continue;
		if (!is_key(key) || str_index(line, '=') == line.n)
			return why_set(why, ERR_SYNTAX, "%u: not `key = phrase`", n);
		before = line_of(catalogue, line.p, key);
		if (before > 0)
			return why_set(why, ERR_SYNTAX,
				       "%u: %.*s stands in line %u already", n,
				       STR_ARG(key), before);
	}
	return ERR_OK;
}
