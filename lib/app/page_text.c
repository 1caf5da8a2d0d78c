#include "app/page_text.h"

#include "app/page.h"
#include "base/embedded.h"

bool
page_text_in(struct str catalogue, struct str key, struct str *text)
{
	while (catalogue.n > 0) {
		struct str line = str_cut(&catalogue, '\n');
		struct str name = str_trim(str_cut(&line, '='));

		if (name.n > 0 && name.p[0] != '#' && str_eq(name, key)) {
			*text = str_trim(line);
			return text->n > 0;
		}
	}
	return false;
}

static struct str
compiled_in_english(void)
{
	for (const struct embedded *f = embedded_share; f->name != NULL; f++) {
		if (str_is(STR("en.txt"), f->name))
			return f->bytes;
	}
	return STR("");
}

bool
page_text_find(const struct pages *pages, struct str key, struct str *text)
{
	struct str catalogue = STR("");

	pages_find(pages, str_of(pages->catalogue), &catalogue);
	return page_text_in(catalogue, key, text) ||
	       page_text_in(compiled_in_english(), key, text);
}

struct str
pages_phrase(const struct pages *pages, const char *key)
{
	struct str text;

	return page_text_find(pages, str_of(key), &text) ? text : STR("");
}
