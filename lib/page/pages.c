#include "page/pages.h"

#include <unistd.h>

#include "config/config.h"
#include "http/accept.h"
#include "http/request.h"
#include "page/moment.h"
#include "page/page_parts.h"

_Static_assert(LANGUAGES_MAX <= ACCEPT_LANGUAGES_MAX, "accept_language takes them all");

const struct language *
pages_language(const struct pages *pages, const struct request *req)
{
	const struct languages *l = &pages->languages;
	struct str wanted = request_env(req, "HTTP_ACCEPT_LANGUAGE");

	return &l->all[accept_language(wanted, l->tags, l->n)];
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

static struct look_source
source_of(const struct share_file *file)
{
	return (struct look_source){ share_bytes(file),
				     file->is_own ? NULL : file->version };
}

static enum err
open_look(struct pages *pages, const struct config *config)
{
	const struct share_file *css = share_find(&pages->share, STR("doorward.css"));
	const struct share_file *svg = share_find(&pages->share, STR("doorward.svg"));
	struct look_source stylesheet, icon;

	if (css == NULL || svg == NULL)
		return ERR_NOT_FOUND;
	stylesheet = source_of(css);
	icon = source_of(svg);
	return look_open(&pages->look, config, &stylesheet, &icon);
}

enum err
pages_open(struct pages *pages, const struct config *config,
	   const struct embedded_folder *own, struct why *why)
{
	enum err e;

	*pages = (struct pages){ .site_name = str_of(config->site_name),
				 .help_url = str_of(config->help_url),
				 .imprint_url = str_of(config->imprint_url) };
	buf_init(&pages->home, 1024);
	if (!buf_addf(&pages->home, "%s/",
		      config->public_url == NULL ? "" : config->public_url))
		return why_set(why, ERR_LIMIT, "public_url is too long");
	e = read_all(pages, config, own, why);
	if (e == ERR_OK)
		e = policy(pages, &config->return_to_origins);
	if (e == ERR_OK)
		e = open_look(pages, config);
	pages->is_zone_unknown = !moment_use_zone(config->time_zone);
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
	look_close(&pages->look);
	share_close(&pages->share);
	languages_close(&pages->languages);
	buf_done(&pages->policy);
	buf_done(&pages->home);
	*pages = (struct pages){ 0 };
}
