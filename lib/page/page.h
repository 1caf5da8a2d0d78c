/*
 * The pages that people see: a template of share/ in the common layout, with
 * phrases of a catalogue, under headers that let nothing else in.
 *
 *   struct page page;
 *
 *   page_init(&page, pages, "protected");
 *   page_text(&page, "username", claims.preferred_username);
 *   page_flag(&page, "has_roles", claims.n_roles > 0);
 *   page_send(&page, 200, res);
 *
 * `page_send` finds share/protected.html; the title is the phrase
 * "protected.title". Every template also knows site_name, stylesheet, icon,
 * language and title.
 */
#ifndef PAGE_H
#define PAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "template/template.h"

struct config;
struct response;

#define PAGE_FIELDS_MAX 32
#define PAGE_SIZE_MAX (256 * 1024)
#define PAGE_FILE_MAX (64 * 1024)
#define PAGE_FILES_MAX 64
#define PAGE_LANGUAGE_MAX 16

struct page_file {
	struct str name; /* "login.html" */
	struct str bytes;
	const char *version; /* changes with the bytes; NULL: not known beforehand */
};

/* All that pages are made of: read and checked once, when a program starts. */
struct pages {
	struct page_file files[PAGE_FILES_MAX];
	size_t n_files;
	struct buf own[PAGE_FILES_MAX]; /* what was read from share_dir */
	size_t n_own;
	struct str site_name;
	struct str language;                   /* "en" */
	char catalogue[PAGE_LANGUAGE_MAX + 5]; /* "en.txt", where its phrases are */
	char stylesheet[64];                   /* "/login/doorward-HASH.css" */
	char icon[64];                         /* "/login/doorward-HASH.svg" */
	struct buf policy; /* the Content-Security-Policy of RESPONSE_LEADS_AWAY */
	bool built_in;     /* share_dir and language were no good: pages_open_built_in */
	int64_t next_ms;   /* when to try those again */
	int64_t say_ms;    /* when to say again that a page fails */
};

/*
 * Uses share_dir, site_name, language and return_to_origins. Files in
 * share_dir stand in for the compiled-in ones of the same name; every other
 * stays. `config` is borrowed as long as `pages` is used. A catalogue with a
 * line that is no phrase, or with a key twice, is ERR_SYNTAX.
 */
enum err pages_open(struct pages *pages, const struct config *config, struct why *why);
void pages_close(struct pages *pages);

/*
 * The pages that are compiled in, in English: what takes over where pages_open
 * fails because of share_dir or language.
 */
enum err pages_open_built_in(struct pages *pages, const struct config *config,
			     struct why *why);

/*
 * Could each page be shown? Each template with every name that its page gives
 * it, each phrase with those of the pages that use it. Appends a line for each
 * mistake, the file's name first (page_check.c).
 */
void pages_check(struct pages *pages, struct buf *problems);

/* The file "login.html", "doorward.css", …; false when there is none. */
bool pages_find(const struct pages *pages, struct str name, struct str *bytes);

/* The same among those that are compiled in. */
bool pages_find_built_in(struct str name, struct str *bytes);

/* One page on its way. Everything given to it is borrowed until page_send. */
struct page {
	struct pages *pages;
	const char *name;
	bool built_in; /* share_dir does not count */
	struct template_field fields[PAGE_FIELDS_MAX];
	size_t n;
};

void page_init(struct page *page, struct pages *pages, const char *name);
void page_text(struct page *page, const char *name, struct str text);
void page_phrase(struct page *page, const char *name, const char *key);
void page_flag(struct page *page, const char *name, bool on);
void page_list(struct page *page, const char *name, const struct template_scope *items,
	       size_t n);

/*
 * Answer with the page: text/html, no-store and the headers that keep a page
 * from being framed, sniffed or scripted. Where the page cannot be made with
 * share_dir's files it is made with the built-in ones, and the log says why, once a
 * minute. Where that fails too, the answer is a plain 500.
 */
void page_send(struct page *page, int status, struct response *res);

/*
 * The page "error" with the phrases error.CODE.title and error.CODE.text,
 * e.g. "forbidden", "not_found", "unavailable".
 */
void page_error(struct pages *pages, int status, const char *code, struct response *res);

#endif
