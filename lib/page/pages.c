#include "page/pages.h"

#include <unistd.h>

#include "access/urls.h"
#include "config/config.h"
#include "http/accept.h"
#include "http/request.h"
#include "page/language_cookie.h"
#include "page/moment.h"

_Static_assert(LANGUAGES_MAX <= ACCEPT_LANGUAGES_MAX, "accept_language takes them all");

const struct language *
pages_language(const struct pages *pages, const struct request *req)
{
	const struct cookie c = language_cookie(pages->plain_http);
	const struct languages *l = &pages->languages;
	struct str wanted = request_env(req, "HTTP_ACCEPT_LANGUAGE");
	const struct language *chosen = NULL;

	if (l->n > 1)
		chosen = languages_find(l, cookie_get(req, &c));
	return chosen != NULL ? chosen : &l->all[accept_language(wanted, l->tags, l->n)];
}

/*
 * A script is allowed by its full address, and so is what it may ask: new challenges
 * for passkeys. Browsers also apply
 * form-action to the redirect that follows a form, so the origins to which a login may
 * lead must be named (CSP 3, 6.4.2).
 */
static enum err
write_policy(struct pages *pages, const struct config *config, unsigned allowed)
{
	struct buf *out = &pages->policy[allowed];

	buf_init(out, 8192);
	buf_addz(out, "default-src 'none'; style-src 'self'; img-src 'self'; ");
	if ((allowed & RESPONSE_WITH_SCRIPT) != 0 && pages->look.script.url[0] != '\0')
		buf_addf(out, "script-src %s%s; connect-src %s" URL_PASSKEY_BEGIN "; ",
			 config->public_url, pages->look.script.url, config->public_url);
	buf_addz(out, "form-action 'self'");
	if ((allowed & RESPONSE_LEADS_AWAY) != 0)
		for (size_t i = 0; i < config->return_to_origins.n; i++)
			buf_addf(out, " %s", config->return_to_origins.items[i]);
	buf_addz(out, "; frame-ancestors 'none'; base-uri 'none'");
	return out->failed ? ERR_LIMIT : ERR_OK;
}

/* Templates and phrases, with those of share_dir if it is set. */
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
	const struct share_file *more =
		share_find(&pages->share, STR("doorward-admin.css"));
	const struct share_file *svg = share_find(&pages->share, STR("doorward.svg"));
	const struct share_file *js = share_find(&pages->share, STR("doorward.js"));
	struct look_source stylesheet, admin, icon, script;

	if (css == NULL || more == NULL || svg == NULL)
		return ERR_NOT_FOUND;
	stylesheet = source_of(css);
	admin = source_of(more);
	icon = source_of(svg);
	if (js != NULL)
		script = source_of(js);
	return look_open(&pages->look, config, &stylesheet, &admin, &icon,
			 js == NULL ? NULL : &script);
}

enum err
pages_open(struct pages *pages, const struct config *config,
	   const struct embedded_folder *own, struct why *why)
{
	enum err e;

	*pages = (struct pages){ .site_name = str_of(config->site_name),
				 .plain_http = config->plain_http,
				 .help_url = str_of(config->help_url),
				 .imprint_url = str_of(config->imprint_url) };
	buf_init(&pages->home, 1024);
	if (!buf_addf(&pages->home, "%s/",
		      config->public_url == NULL ? "" : config->public_url))
		return why_set(why, ERR_LIMIT, "public_url is too long");
	e = read_all(pages, config, own, why);
	if (e == ERR_OK)
		e = open_look(pages, config);
	for (unsigned allowed = 0; e == ERR_OK && allowed < RESPONSE_POLICIES; allowed++)
		e = write_policy(pages, config, allowed);
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
	for (size_t i = 0; i < RESPONSE_POLICIES; i++)
		buf_done(&pages->policy[i]);
	buf_done(&pages->home);
	*pages = (struct pages){ 0 };
}
