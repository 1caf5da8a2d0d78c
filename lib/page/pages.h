/*
 * All that the pages of a program are made of: templates, stylesheet, phrases, and the
 * headers that go with them. Read and checked once, when a program starts.
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
	bool plain_http;                      /* of the cookie of the language */
	bool built_in;        /* share_dir or language was no good: pages_open_built_in */
	bool is_zone_unknown; /* the system has no time_zone of that name: UTC is used */
	int64_t next_ms;      /* when to try those again */
	int64_t say_ms;       /* when to say again that a page fails */
};

/*
 * Uses the settings of the look (share_dir, language, logo, accent, time_zone and so
 * on), public_url, site_name and return_to_origins, and of the folders of share/ common
 * and `own`, which ends with a NULL name. `config` is borrowed as long as `pages` is
 * used, and `pages` must not be moved. Files in share_dir stand in for the compiled-in
 * ones of the same folder and name; every other stays. A logo that is no good is left
 * out, and a time_zone that the system does not have is UTC: look.logo_wrong and
 * is_zone_unknown say so. ERR_IO when share_dir cannot be opened, else the errors of
 * share_open and languages_open; pages_close after success and after failure.
 */
enum err pages_open(struct pages *pages, const struct config *config,
		    const struct embedded_folder *own, struct why *why);
void pages_close(struct pages *pages);

/*
 * The pages that are compiled in, in English: what takes over where pages_open fails
 * because of share_dir or language.
 */
enum err pages_open_built_in(struct pages *pages, const struct config *config,
			     const struct embedded_folder *own, struct why *why);

/*
 * The language for whoever sent `req`: the one that they have chosen (language_cookie.h),
 * else what Accept-Language prefers of those that there are, else the site's own.
 */
const struct language *pages_language(const struct pages *pages,
				      const struct request *req);

/*
 * Could each page be shown? Each template with every name that its page gives
 * it, each phrase with those of the pages that use it. Appends a line for each
 * mistake, the file's place in share/ first (page_check.c).
 */
void pages_check(struct pages *pages, struct buf *problems);

/*
 * Files of share_dir that nothing reads: beside the folders instead of in them, of a
 * name that no template has, or phrases whose name is no language (share_check.c).
 */
void pages_check_places(const struct pages *pages, const char *share_dir,
			struct buf *problems);

#endif
