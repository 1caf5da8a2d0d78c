#include "page/page_text.h"

#include "page/page.h"

/* A line of a catalogue; false for a remark or an empty one. */
static bool
is_phrase(struct str line, struct str *key, struct str *phrase)
{
	*key = str_trim(str_cut(&line, '='));
	*phrase = str_trim(line);
	return key->n > 0 && key->p[0] != '#';
}

bool
page_text_next(struct str *rest, struct str *key, struct str *phrase)
{
	while (rest->n > 0)
		if (is_phrase(str_cut(rest, '\n'), key, phrase))
			return true;
	return false;
}

bool
page_text_in(struct str catalogue, struct str key, struct str *text)
{
	struct str name;

	while (page_text_next(&catalogue, &name, text))
		if (str_eq(name, key))
			return text->n > 0;
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

/* The first line before `end` that has `key`; 0: there is none. */
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
page_text_check(struct str catalogue, struct why *why)
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

bool
page_text_built_in(struct str key, struct str *text)
{
	struct str catalogue = STR("");

	return pages_find_built_in(STR("en.txt"), &catalogue) &&
	       page_text_in(catalogue, key, text);
}

bool
page_text_find(const struct pages *pages, struct str key, struct str *text)
{
	struct str catalogue = STR("");

	pages_find(pages, str_of(pages->catalogue), &catalogue);
	return page_text_in(catalogue, key, text) || page_text_built_in(key, text);
}
