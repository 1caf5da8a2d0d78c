#include "pagecheck/pages_check.h"

#include <stdio.h>
#include <string.h>

#include "page/catalogue.h"
#include "page/page_source.h"
#include "pagecheck/page_sample.h"

#define PHRASE_FIELDS_MAX (4 * PAGE_FIELDS_MAX)

static void
say(struct buf *problems, const struct share_file *file, const char *text)
{
	buf_addf(problems, "%s/%s: %s\n", file->folder, file->name.p, text);
}

/* page_init, with the values that a site's settings may leave out. */
static void
sample_init(struct page *page, struct pages *pages, const struct language *language,
	    const char *name)
{
	static const char *const optional[] = { "logo", "help_url", "imprint_url" };

	page_init(page, pages, language, name);
	for (size_t i = 0; i < page->n; i++)
		for (size_t j = 0; j < sizeof(optional) / sizeof(*optional); j++)
			if (strcmp(page->fields[i].name, optional[j]) == 0)
				page->fields[i].text = STR("/sample");
}

/* The names that every page knows, then those of the sample. */
static void
sample_page(struct page *page, struct pages *pages, const struct language *language,
	    const struct page_sample *sample, const char *title)
{
	sample_init(page, pages, language, sample->name);
	for (size_t i = 0; i < sample->n; i++)
		page->fields[page->n++] = sample->fields[i];
	page_title(page, title);
}

/* Is there a form field of that name in `html`? */
static bool
has_input(struct str html, const char *name)
{
	char wanted[64];
	int n = snprintf(wanted, sizeof(wanted), " name=\"%s\"", name);

	return n > 0 && memmem(html.p, html.n, wanted, (size_t)n) != NULL;
}

static void
check_inputs(const struct page_sample *sample, const struct share_file *file,
	     struct str html, struct buf *problems)
{
	for (const char *const *input = sample->inputs; *input != NULL; input++)
		if (!has_input(html, *input))
			buf_addf(problems, "%s/%s: no form field has name=\"%s\"\n",
				 file->folder, file->name.p, *input);
}

/* Render every section with every name, and then the page as it would be sent. */
static void
check_sample(struct pages *pages, const struct page_sample *sample, struct buf *problems)
{
	char title[64], name[64];
	const struct share_file *file;
	struct page page;
	struct template_scope known;
	struct template_source source;
	struct str layout = STR("{{>layout}}");
	struct why why = { "" };
	struct buf out;

	snprintf(title, sizeof(title), "%s.title", sample->name);
	snprintf(name, sizeof(name), "%s.html", sample->name);
	if ((file = share_find(&pages->share, str_of(name))) == NULL)
		return; /* a page of another program */
	sample_page(&page, pages, &pages->languages.all[0], sample, title);
	source = page_source(&page);
	known = (struct template_scope){ page.fields, page.n };
	buf_init(&out, PAGE_SIZE_MAX);
	if (template_check(&source, share_bytes(file), &known, &why) != ERR_OK ||
	    template_check(&source, layout, &known, &why) != ERR_OK ||
	    template_render(&source, layout, &known, &out, &why) != ERR_OK)
		say(problems, file, why.text);
	else
		check_inputs(sample, file, buf_str(&out), problems);
	buf_done(&out);
}

/*
 * The names of the items of its lists, and the page's own. Pages may have more lists
 * than a template may nest.
 */
static size_t
all_fields(const struct page *page, struct template_field fields[PHRASE_FIELDS_MAX])
{
	size_t n = 0;

	for (size_t i = page->n; i-- > 0;) {
		const struct template_field *list = &page->fields[i];

		if (list->kind != TEMPLATE_LIST || list->n_items == 0)
			continue;
		for (size_t j = 0; j < list->items->n && n < PHRASE_FIELDS_MAX; j++)
			fields[n++] = list->items->fields[j];
	}
	for (size_t i = 0; i < page->n && n < PHRASE_FIELDS_MAX; i++)
		fields[n++] = page->fields[i];
	return n;
}

/* Can the phrase be used in a page with these names, or in an item of its lists? */
static void
check_phrase(const struct page *page, struct str key, struct buf *problems)
{
	struct template_source source = page_source(page);
	struct template_field fields[PHRASE_FIELDS_MAX];
	struct template_scope known = { fields, all_fields(page, fields) };
	struct why why = { "" };
	struct buf text;

	buf_init(&text, 1024);
	buf_addf(&text, "{{text:%.*s}}", STR_ARG(key));
	if (template_check(&source, buf_str(&text), &known, &why) != ERR_OK)
		buf_addf(problems, "phrases/%s.txt: %.*s: %s\n", page->language->tag,
			 STR_ARG(key), why.text);
	buf_done(&text);
}

/* login.wrong is a phrase of the page "login"; wait.minutes belongs to no page. */
static void
page_of_phrase(struct page *page, struct pages *pages, const struct language *language,
	       struct str key, char title[64], struct moment *moment)
{
	const struct page_sample *sample;
	struct str first = str_cut(&key, '.');
	size_t i = 0;

	while ((sample = page_sample_at(i)) != NULL && !str_is(first, sample->name))
		i++;
	if (sample != NULL) {
		snprintf(title, 64, "%s.title", sample->name);
		sample_page(page, pages, language, sample, title);
		return;
	}
	sample_init(page, pages, language, "error");
	page_text(page, "count", STR("5"));
	page_text(page, "username", STR("ann"));
	page_time(page, "time", 0, moment);
}

/* Values of <html dir=""> (HTML, 3.2.6.4) but auto: a page has one direction. */
static void
check_direction(const struct language *language, struct str direction,
		struct buf *problems)
{
	if (!str_is(direction, "ltr") && !str_is(direction, "rtl"))
		buf_addf(problems, "phrases/%s.txt: language.direction: ltr or rtl\n",
			 language->tag);
}

static void
check_catalogue(struct pages *pages, const struct language *language,
		struct buf *problems)
{
	struct str rest =
		language->own.n > 0 ? buf_str(&language->own) : language->built_in;
	struct str key, phrase;

	while (catalogue_next(&rest, &key, &phrase)) {
		struct page page;
		struct moment moment;
		char title[64];

		if (phrase.n == 0 || str_starts_with(key, STR("mail.")))
			continue; /* phrases of mails are used in other templates */
		if (str_is(key, "language.direction"))
			check_direction(language, phrase, problems);
		page_of_phrase(&page, pages, language, key, title, &moment);
		check_phrase(&page, key, problems);
	}
}

static bool
is_sample(struct str file)
{
	const struct page_sample *s;

	for (size_t i = 0; (s = page_sample_at(i)) != NULL; i++)
		if (str_starts_with(file, str_of(s->name)) &&
		    str_is(str_sub(file, strlen(s->name), file.n), ".html"))
			return true;
	return false;
}

/* The frame of all pages, around a content that needs no values. */
static enum err
check_layout(struct pages *pages, struct str bytes, struct why *why)
{
	static const struct page_sample mark = { "mark" };
	struct template_scope known;
	struct template_source source;
	struct page page;

	sample_page(&page, pages, &pages->languages.all[0], &mark, "error.other.title");
	known = (struct template_scope){ page.fields, page.n };
	source = page_source(&page);
	return template_check(&source, bytes, &known, why);
}

/* A template that is part of others, or of none: check only its form. */
static enum err
check_part(struct pages *pages, struct str bytes, struct why *why)
{
	struct page page = { .pages = pages,
			     .language = &pages->languages.all[0],
			     .name = "mark" };
	struct template_source source = page_source(&page);

	return template_check(&source, bytes, NULL, why);
}

/* False if a mistake was found, because each page would report it again. */
static bool
check_parts(struct pages *pages, struct buf *problems)
{
	bool good = true;

	for (size_t i = 0; i < pages->share.n; i++) {
		const struct share_file *file = &pages->share.files[i];
		struct why why;
		enum err e;

		if (!str_ends_with(file->name, STR(".html")) || is_sample(file->name))
			continue;
		e = str_is(file->name, "layout.html")
			    ? check_layout(pages, share_bytes(file), &why)
			    : check_part(pages, share_bytes(file), &why);
		if (e != ERR_OK)
			say(problems, file, why.text);
		good = good && e == ERR_OK;
	}
	return good;
}

void
pages_check(struct pages *pages, struct buf *problems)
{
	const struct page_sample *s;

	if (!check_parts(pages, problems))
		return;
	for (size_t i = 0; (s = page_sample_at(i)) != NULL; i++)
		check_sample(pages, s, problems);
	for (size_t i = 0; i < pages->languages.n; i++)
		check_catalogue(pages, &pages->languages.all[i], problems);
}
