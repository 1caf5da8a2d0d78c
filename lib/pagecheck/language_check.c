/*
 * Finds the phrases that a language of share_dir lacks, for `doorward config check`. The
 * languages that are compiled in lack none (tests/lint/pages.py).
 */
#include <stdio.h>

#include "page/catalogue.h"
#include "pagecheck/pages_check.h"

#define NAMED_MAX 20 /* keys in one line */

/* The key of a counted phrase without its form. Otherwise the key. */
static struct str
without_form(struct str key)
{
	if (str_ends_with(key, STR(".one")))
		return str_sub(key, 0, key.n - 4);
	return str_ends_with(key, STR(".other")) ? str_sub(key, 0, key.n - 6) : key;
}

/* A language may have one row for all numbers, or KEY.other alone. */
static bool
is_translated(const struct language *language, struct str key)
{
	char other[128];
	struct str base = without_form(key);
	int n = snprintf(other, sizeof(other), "%.*s.other", STR_ARG(base));

	return language_has(language, key) || language_has(language, base) ||
	       (base.n < key.n && n > 0 && (size_t)n < sizeof(other) &&
		language_has(language, (struct str){ other, (size_t)n }));
}

static void
check_language(const struct language *language, const struct language *english,
	       struct buf *problems)
{
	struct str rest = english->built_in, key, phrase;
	unsigned missing = 0;

	while (catalogue_next(&rest, &key, &phrase)) {
		if (is_translated(language, key))
			continue;
		if (missing == 0)
			buf_addf(problems, "phrases/%s.txt: missing, so in English:",
				 language->tag);
		if (missing++ < NAMED_MAX)
			buf_addf(problems, " %.*s", STR_ARG(key));
	}
	if (missing > NAMED_MAX)
		buf_addf(problems, " and %u more", missing - NAMED_MAX);
	if (missing > 0)
		buf_addz(problems, "\n");
}

void
pages_check_languages(const struct pages *pages, struct buf *problems)
{
	const struct languages *l = &pages->languages;
	const struct language *english = languages_find(l, STR("en"));

	for (size_t i = 0; english != NULL && i < l->n; i++)
		if (l->all[i].built_in.n == 0)
			check_language(&l->all[i], english, problems);
}
