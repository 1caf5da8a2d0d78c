#include "page/page.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "access/urls.h"
#include "base/embedded.h"
#include "base/file.h"
#include "config/config.h"
#include "crypto/hash.h"
#include "page/page_parts.h"
#include "page/page_text.h"

static const struct page_file *
find_file(const struct pages *pages, struct str name)
{
	for (size_t i = 0; i < pages->n_files; i++)
		if (str_eq(pages->files[i].name, name))
			return &pages->files[i];
	return NULL;
}

bool
pages_find(const struct pages *pages, struct str name, struct str *bytes)
{
	const struct page_file *file = find_file(pages, name);

	if (file != NULL)
		*bytes = file->bytes;
	return file != NULL;
}

bool
pages_find_built_in(struct str name, struct str *bytes)
{
	for (const struct embedded *f = embedded_share; f->name != NULL; f++)
		if (str_is(name, f->name)) {
			*bytes = f->bytes;
			return true;
		}
	return false;
}

/* Read `name` of the directory; ERR_NOT_FOUND when it is not there. */
static enum err
read_file(int directory, const char *name, struct buf *out, struct why *why)
{
	struct why detail = { "" };
	enum err e = file_read_at(directory, name, PAGE_FILE_MAX, out, NULL, &detail);

	if (e != ERR_OK)
		return why_set(why, e, "share_dir: %s", detail.text);
	if (!str_is_utf8(buf_str(out)))
		return why_set(why, ERR_SYNTAX, "share_dir: %s: not UTF-8", name);
	return ERR_OK;
}

static enum err
add_own(struct pages *pages, int directory, struct page_file *file, struct why *why)
{
	struct buf *own = &pages->own[pages->n_own];
	struct why detail;
	enum err e;

	buf_init(own, PAGE_FILE_MAX);
	e = read_file(directory, file->name.p, own, why);
	if (e == ERR_NOT_FOUND)
		return ERR_OK;
	pages->n_own++;
	file->bytes = buf_str(own);
	file->version = NULL;
	if (e == ERR_OK && str_is(file->name, pages->catalogue) &&
	    (e = page_text_check(file->bytes, &detail)) != ERR_OK)
		why_set(why, e, "share_dir: %s:%s", file->name.p, detail.text);
	return e;
}

static enum err
add_embedded(struct pages *pages, struct why *why)
{
	for (const struct embedded *f = embedded_share; f->name != NULL; f++) {
		if (pages->n_files >= PAGE_FILES_MAX - 1)
			return why_set(why, ERR_LIMIT, "too many files in share");
		pages->files[pages->n_files++] =
			(struct page_file){ str_of(f->name), f->bytes, f->version };
	}
	return ERR_OK;
}

static enum err
add_share_dir(struct pages *pages, const char *share_dir, struct why *why)
{
	int directory = open(share_dir, O_RDONLY | O_CLOEXEC | O_DIRECTORY);
	enum err e = ERR_OK;

	if (directory < 0)
		return why_set(why, ERR_IO, "share_dir: %s: %s", share_dir,
			       strerror(errno));
	for (size_t i = 0; i < pages->n_files && e == ERR_OK; i++)
		e = add_own(pages, directory, &pages->files[i], why);
	close(directory);
	return e;
}

static bool
is_language(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (!(s.p[i] >= 'a' && s.p[i] <= 'z') && s.p[i] != '-')
			return false;
	}
	return s.n > 0 && s.n <= PAGE_LANGUAGE_MAX;
}

/* The catalogue of a language that is not compiled in gets a place of its own. */
static enum err
find_files(struct pages *pages, const char *share_dir, struct why *why)
{
	struct str name, bytes;
	enum err e;

	if (!is_language(pages->language))
		return why_set(why, ERR_SYNTAX, "language: a to z and - only");
	snprintf(pages->catalogue, sizeof(pages->catalogue), "%.*s.txt",
		 STR_ARG(pages->language));
	name = str_of(pages->catalogue);
	if ((e = add_embedded(pages, why)) != ERR_OK)
		return e;
	if (!pages_find(pages, name, &bytes))
		pages->files[pages->n_files++] =
			(struct page_file){ name, STR(""), NULL };
	if (share_dir != NULL && (e = add_share_dir(pages, share_dir, why)) != ERR_OK)
		return e;
	if (!pages_find(pages, name, &bytes) || bytes.n == 0)
		return why_set(why, ERR_NOT_FOUND, "language: there is no %s", name.p);
	return ERR_OK;
}

#define VERSION_BYTES 12

/* Of a file of share_dir; those that are compiled in were measured beforehand. */
static enum err
measure(struct str bytes, char version[2 * VERSION_BYTES + 1])
{
	unsigned char hash[SHA256_SIZE];

	if (sha256(bytes, hash) != ERR_OK)
		return ERR_CRYPTO;
	for (size_t i = 0; i < VERSION_BYTES; i++)
		snprintf(version + 2 * i, 3, "%02x", hash[i]);
	return ERR_OK;
}

/* A URL that changes with the bytes, so that it may be kept for ever. */
static enum err
versioned(const struct pages *pages, const char *name, char *url, size_t size)
{
	const struct page_file *file = find_file(pages, str_of(name));
	char own[2 * VERSION_BYTES + 1];
	int n;

	if (file == NULL)
		return ERR_NOT_FOUND;
	if (file->version == NULL && measure(file->bytes, own) != ERR_OK)
		return ERR_CRYPTO;
	n = snprintf(url, size, URL_LOGIN "/doorward-%s%s",
		     file->version != NULL ? file->version : own, strrchr(name, '.'));
	return n > 0 && (size_t)n < size ? ERR_OK : ERR_LIMIT;
}

/*
 * Browsers hold form-action against the redirect that follows a form, too: the
 * origins that a login may lead to have to be named (CSP 3, 6.4.2).
 */
static enum err
policy(struct pages *pages, const struct config_list *origins)
{
	buf_init(&pages->policy, 8192);
	buf_addz(&pages->policy, PAGE_CSP);
	for (size_t i = 0; i < origins->n; i++)
		buf_addf(&pages->policy, " %s", origins->items[i]);
	buf_addz(&pages->policy, "; " PAGE_CSP_END);
	return pages->policy.failed ? ERR_LIMIT : ERR_OK;
}

enum err
pages_open(struct pages *pages, const struct config *config, struct why *why)
{
	enum err e;

	*pages = (struct pages){ .site_name = str_of(config->site_name),
				 .language = str_of(config->language) };
	e = find_files(pages, config->share_dir, why);
	if (e == ERR_OK)
		e = policy(pages, &config->return_to_origins);
	if (e == ERR_OK)
		e = versioned(pages, "doorward.css", pages->stylesheet,
			      sizeof(pages->stylesheet));
	if (e == ERR_OK)
		e = versioned(pages, "doorward.svg", pages->icon, sizeof(pages->icon));
	return e;
}

enum err
pages_open_built_in(struct pages *pages, const struct config *config, struct why *why)
{
	struct config plain = *config;
	enum err e;

	plain.share_dir = NULL;
	plain.language = "en";
	e = pages_open(pages, &plain, why);
	pages->built_in = true;
	return e;
}

void
pages_close(struct pages *pages)
{
	for (size_t i = 0; i < pages->n_own; i++)
		buf_done(&pages->own[i]);
	buf_done(&pages->policy);
	*pages = (struct pages){ 0 };
}
