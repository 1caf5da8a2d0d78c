#include "page/page.h"

#include <string.h>

#include "access/urls.h"
#include "base/clock.h"
#include "base/log.h"
#include "csp/csp.h"
#include "http/response.h"
#include "page/page_parts.h"
#include "page/page_source.h"

#define SAY_EVERY_MS 60000
#define HTML "text/html; charset=utf-8"

static void
add_urls(struct page *page)
{
	static const struct template_field urls[] = {
#define URL(name, url) { name, TEMPLATE_TEXT, .text = { url, sizeof(url) - 1 } },
		URLS_OF_TEMPLATES(URL)
#undef URL
	};

	for (size_t i = 0; i < sizeof(urls) / sizeof(*urls); i++)
		page_add(page, urls[i]);
}

void
page_init(struct page *page, struct pages *pages, const struct language *language,
	  const char *name)
{
	*page = (struct page){ .pages = pages, .language = language, .name = name };
	page_text(page, "site_name", pages->site_name);
	page_text(page, "language", str_of(language->tag));
	page_text(page, "stylesheet", str_of(pages->look.stylesheet.url));
	page_text(page, "admin_stylesheet", str_of(pages->look.admin.url));
	page_text(page, "icon", str_of(pages->look.icon.url));
	page_text(page, "script", str_of(pages->look.script.url));
	page_text(page, "logo", str_of(pages->look.logo.url));
	page_text(page, "home", buf_str(&pages->home));
	page_text(page, "help_url", pages->help_url);
	page_text(page, "imprint_url", pages->imprint_url);
	add_urls(page);
}

void
page_title(struct page *page, const char *key)
{
	bool failed = false;

	for (size_t i = 0; i < page->n && i < PAGE_FIELDS_MAX; i++)
		if (strcmp(page->fields[i].name, "problem") == 0)
			failed = page->fields[i].text.n > 0;
	page_flag(page, "failed", failed);
	page_phrase(page, "title", key);
}

static bool
source_phrase(const void *arg, struct str key, struct str count, struct str *text)
{
	const struct page *page = arg;

	return page->built_in ? language_phrase_built_in(page->language, key, count, text)
			      : languages_phrase(&page->pages->languages, page->language,
						 key, count, text);
}

/* {{>content}} is the page's own template. Any other NAME is NAME.html. */
static bool
source_part(const void *arg, struct str name, struct str *text)
{
	const struct page *page = arg;
	const struct share_file *part = NULL;
	struct buf file;

	if (str_is(name, "content"))
		name = str_of(page->name);
	buf_init(&file, 128);
	buf_add(&file, name);
	if (buf_addz(&file, ".html"))
		part = share_find(&page->pages->share, buf_str(&file));
	buf_done(&file);
	if (part != NULL)
		*text = page->built_in ? part->built_in : share_bytes(part);
	return part != NULL;
}

struct template_source
page_source(const struct page *page)
{
	return (struct template_source){ source_part, source_phrase, page };
}

static enum err
render(struct page *page, struct buf *out, struct why *why)
{
	struct template_source source = page_source(page);
	struct template_scope scope = { page->fields, page->n };
	struct buf title;
	enum err e;

	buf_init(&title, 128);
	buf_addf(&title, "%s.title", page->name);
	page_title(page, buf_z(&title));
	scope.n = page->n;
	if (page->n > PAGE_FIELDS_MAX)
		e = why_set(why, ERR_LIMIT, "more than %d values", PAGE_FIELDS_MAX);
	else
		e = template_render(&source, STR("{{>layout}}"), &scope, out, why);
	buf_done(&title);
	return e;
}

static void
say(struct page *page, enum err e, const struct why *why)
{
	int64_t now = clock_monotonic_ms();

	if (now < page->pages->say_ms)
		return;
	page->pages->say_ms = now + SAY_EVERY_MS;
	LOG(LOG_ERROR, "page_failed", { "page", str_of(page->name) },
	    { "error", str_of(err_text(e)) }, { "why", str_of(why->text) });
}

/* The same page without share_dir. Its stylesheet and icon stay. */
static enum err
render_built_in(struct page *page, struct buf *out)
{
	struct why why = { "" };
	enum err e;

	page->built_in = true;
	for (size_t i = 0; i < page->n; i++)
		if (strcmp(page->fields[i].name, "language") == 0)
			page->fields[i].text =
				str_of(language_tag_built_in(page->language));
	buf_clear(out);
	if ((e = render(page, out, &why)) != ERR_OK)
		LOG(LOG_ERROR, "page_failed", { "page", str_of(page->name) },
		    { "error", str_of(err_text(e)) }, { "why", str_of(why.text) });
	return e;
}

/* Pages are no-store, so caches need no Vary if there is only one answer. */
static void
say_language(const struct page *page, struct response *res)
{
	if (page->pages->languages.n < 2)
		return;
	response_header_add(res, "Vary", STR("Accept-Language, Cookie"));
	response_headerz(res, "Content-Language",
			 page->built_in ? language_tag_built_in(page->language)
					: page->language->tag);
}

/* The policy that the address has, and the place to which this page alone may lead. */
static enum err
say_policy(const struct page *page, struct response *res)
{
	struct str policy = buf_str(&page->pages->policy[res->policy]);
	struct buf with;
	bool good = true;

	buf_init(&with, RESPONSE_HEADERS_MAX);
	if (page->leads_to.n > 0) {
		good = csp_lead_to(&with, policy, page->leads_to);
		policy = buf_str(&with);
	}
	if (good)
		response_header(res, "Content-Security-Policy", policy);
	else
		LOG(LOG_ERROR, "page_failed", { "page", str_of(page->name) },
		    { "why", STR("no policy can name where its forms lead") });
	buf_done(&with);
	return good ? ERR_OK : ERR_SYNTAX;
}

void
page_send(struct page *page, int status, struct response *res)
{
	size_t given = page->n;
	struct buf out;
	struct why why = { "" };
	enum err e;

	buf_init(&out, PAGE_SIZE_MAX);
	if ((e = render(page, &out, &why)) != ERR_OK) {
		say(page, e, &why);
		if (given < PAGE_FIELDS_MAX) {
			page->n = given;
			e = render_built_in(page, &out);
		}
	}
	if (e == ERR_OK)
		e = say_policy(page, res);
	if (e != ERR_OK) {
		response_error(res, 500, "server_error", "The page could not be made.");
	} else {
		say_language(page, res);
		response_send(res, status, HTML, buf_str(&out));
	}
	buf_done(&out);
}

void
page_error(struct pages *pages, const struct language *language, int status,
	   const char *code, struct response *res)
{
	struct page page;
	struct buf title, text;
	struct str none = STR(""), unused;

	buf_init(&title, 128);
	buf_init(&text, 128);
	buf_addf(&title, "error.%s.title", code);
	buf_addf(&text, "error.%s.text", code);
	if (!languages_phrase(&pages->languages, language, buf_str(&title), none,
			      &unused) ||
	    !languages_phrase(&pages->languages, language, buf_str(&text), none,
			      &unused)) {
		buf_clear(&title);
		buf_clear(&text);
		buf_addz(&title, "error.other.title");
		buf_addz(&text, "error.other.text");
	}
	page_init(&page, pages, language, "error");
	page_phrase(&page, "heading", buf_z(&title));
	page_phrase(&page, "message", buf_z(&text));
	page_send(&page, status, res);
	buf_done(&title);
	buf_done(&text);
}
