#include "page/pages.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "access/urls.h"
#include "config/config.h"
#include "crypto/hash.h"
#include "http/accept.h"
#include "http/request.h"
#include "page/page_parts.h"

_Static_assert(LANGUAGES_MAX <= ACCEPT_LANGUAGES_MAX, "accept_language takes them all");

bool
pages_find(const struct pages *pages, struct str name, struct str *bytes)
{
	const struct share_file *file = share_find(&pages->share, name);

	if (file != NULL)
		*bytes = share_bytes(file);
	return file != NULL;
}

const struct language *
pages_language(const struct pages *pages, const struct request *req)
{
	const struct languages *l = &pages->languages;
	struct str wanted = request_env(req, "HTTP_ACCEPT_LANGUAGE");

	return &l->all[accept_language(wanted, l->tags, l->n)];
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
	const struct share_file *file = share_find(&pages->share, str_of(name));
	char own[2 * VERSION_BYTES + 1];
	int n;

	if (file == NULL)
		return ERR_NOT_FOUND;
	if (file->is_own && measure(share_bytes(file), own) != ERR_OK)
		return ERR_CRYPTO;
	n = snprintf(url, size, URL_LOGIN "/doorward-%s%s",
		     file->is_own ? own : file->version, strrchr(name, '.'));
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

/* Templates and phrases, of share_dir if there is to be one. */
static enum err
read_all(struct pages *pages, const struct config *config,
	 const struct embedded_folder *own, struct why *why)
{
	static const struct embedded_folder common[] = {
		{ "common", embedded_share_common }, { NULL }
	};
	int directory;
	enum err e;

	if (config->share_dir != NULL) {
		e = share_open_dir(config->share_dir, ".", &directory, why);
		if (e != ERR_OK)
			return e == ERR_NOT_FOUND ? ERR_IO : e;
		close(directory);
	}
	if ((e = share_open(&pages->share, common, config->share_dir, why)) != ERR_OK ||
	    (e = share_open(&pages->share, own, config->share_dir, why)) != ERR_OK)
		return e;
	return languages_open(&pages->languages, config->share_dir, config->language,
			      why);
}

enum err
pages_open(struct pages *pages, const struct config *config,
	   const struct embedded_folder *own, struct why *why)
{
	enum err e;

	*pages = (struct pages){ .site_name = str_of(config->site_name) };
	e = read_all(pages, config, own, why);
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
pages_open_built_in(struct pages *pages, const struct config *config,
		    const struct embedded_folder *own, struct why *why)
{
	struct config plain = *config;
	enum err e;

	plain.share_dir = NULL;
	plain.language = "en";
	e = pages_open(pages, &plain, own, why);
	pages->built_in = true;
	return e;
}

void
pages_close(struct pages *pages)
{
	share_close(&pages->share);
	languages_close(&pages->languages);
	buf_done(&pages->policy);
	*pages = (struct pages){ 0 };
}
