/*
 * The pages that people see: a template of share/ in the common layout, with phrases
 * of a catalogue, and with headers that allow nothing else.
 *
 *   struct page page;
 *
 *   page_init(&page, pages, pages_language(pages, req), "protected");
 *   page_text(&page, "username", claims.preferred_username);
 *   page_flag(&page, "has_roles", claims.n_roles > 0);
 *   page_send(&page, 200, res);
 *
 * `page_send` finds protected.html in the program's folders of share/. The title is
 * the phrase "protected.title". Every template also knows site_name, home, language,
 * stylesheet, admin_stylesheet, icon, script, logo, help_url, imprint_url, title, and
 * failed (the page has a `problem`), and the addresses of access/urls.h by name ({{url:login}}).
 */
#ifndef PAGE_H
#define PAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "page/moment.h"
#include "page/pages.h"
#include "template/template.h"

struct response;

#define PAGE_FIELDS_MAX 96
#define PAGE_SIZE_MAX (256 * 1024)

/* A page while it is built. Everything given to it is borrowed until page_send. */
struct page {
	struct pages *pages;
	const struct language *language;
	const char *name;
	bool built_in;       /* ignore share_dir */
	struct str leads_to; /* where its forms may end, besides this site; or empty */
	struct template_field fields[PAGE_FIELDS_MAX];
	size_t n;
};

void page_init(struct page *page, struct pages *pages, const struct language *language,
	       const char *name);
void page_text(struct page *page, const char *name, struct str text);
void page_phrase(struct page *page, const char *name, const char *key);
void page_flag(struct page *page, const char *name, bool on);
void page_list(struct page *page, const char *name, const struct template_scope *items,
	       size_t n);

/*
 * The list `roles`, with `n` items that each have the name `role`. The caller provides
 * as many fields and scopes.
 */
void page_roles(struct page *page, const struct str *roles, size_t n,
		struct template_field *fields, struct template_scope *scopes);

/*
 * The answer to a form of this page may lead to `source`, too: an origin like
 * "https://app.example:8443", or a private scheme like "com.example.app:". Browsers block
 * the redirect otherwise, because form-action counts for redirects. A page with a source
 * of another form is not sent: the answer is a plain 500. Empty: no such place.
 */
void page_leads_to(struct page *page, struct str source);

/* A time, for {{#name}}{{>time}}{{/name}}. `moment` holds its form. */
void page_time(struct page *page, const char *name, int64_t seconds,
	       struct moment *moment);

/*
 * Answer with the page: text/html, no-store, and the headers that forbid frames,
 * sniffing and scripts. If there is more than one language, Content-Language and Vary
 * say so. If the page cannot be made with the files of share_dir, it is made with the
 * built-in ones, and the log says why, once a minute. If that fails as well, the
 * answer is a plain 500.
 */
void page_send(struct page *page, int status, struct response *res);

/*
 * The page "error" with the phrases error.CODE.title and error.CODE.text,
 * e.g. "forbidden", "not_found", "unavailable".
 */
void page_error(struct pages *pages, const struct language *language, int status,
		const char *code, struct response *res);

#endif
