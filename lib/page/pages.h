/*
 * Everything that the pages of a program are made from: templates, stylesheet,
 * phrases, and the headers that go with them. Read and checked once, when a program
 * starts.
 */
#ifndef PAGES_H
#define PAGES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "http/response.h"
#include "look/look.h"
#include "page/language.h"
#include "page/share.h"

struct config;
struct request;

struct pages {
	struct share share;
	struct languages languages;
	struct look look;
	struct str site_name, help_url, imprint_url;
	struct buf home;                      /* "https://example.org/" */
	struct buf policy[RESPONSE_POLICIES]; /* Content-Security-Policy */
	bool plain_http;                      /* for the cookie of the language */
	bool built_in;                        /* share_dir or language could not be used:
			       * pages_open_built_in */
	bool is_zone_unknown; /* the system does not know time_zone: UTC is used */
	int64_t next_ms;      /* when to try those again */
	int64_t say_ms;       /* when to log again that a page fails */
};

/*
 * Uses the settings of the look (share_dir, language, logo, accent, time_zone and so
 * on), public_url, site_name and return_to_origins, and the folders common and `own`
 * of share/ (`own` ends with a NULL name). `config` is borrowed as long as `pages` is
 * used, and `pages` must not be moved. Files in share_dir replace the compiled-in ones
 * with the same folder and name. A logo that cannot be used is left out, and a
 * time_zone that the system does not know is UTC; look.logo_wrong and is_zone_unknown
 * say so. ERR_IO if share_dir cannot be opened, or the errors of share_open and
 * languages_open. Call pages_close after success and after failure.
 */
enum err pages_open(struct pages *pages, const struct config *config,
		    const struct embedded_folder *own, struct why *why);
void pages_close(struct pages *pages);

/*
 * The pages that are compiled in; the site's own language is then English. They are
 * used if pages_open fails because of share_dir or language.
 */
enum err pages_open_built_in(struct pages *pages, const struct config *config,
			     const struct embedded_folder *own, struct why *why);

/*
 * The language for `req`: the one that the person has chosen (language_cookie.h), or
 * else the available one that Accept-Language prefers, or else the site's own.
 */
const struct language *pages_language(const struct pages *pages,
				      const struct request *req);

#endif
