/*
 * The languages that the pages can be shown in: a catalogue of phrases for each
 * (share/phrases/LANGUAGE.txt), compiled in or of share_dir, and which of them a
 * request gets.
 */
#ifndef LANGUAGE_H
#define LANGUAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

#define LANGUAGES_MAX 16
#define LANGUAGE_TAG_MAX 16 /* bytes: RFC 5646 in small letters, "pt-br" */

struct language {
	char tag[LANGUAGE_TAG_MAX + 1];
	struct str built_in; /* empty: only share_dir has it */
	struct buf own;      /* what share_dir has; its phrases come first */
};

/* The site's own language is the first. */
struct languages {
	struct language all[LANGUAGES_MAX];
	struct str tags[LANGUAGES_MAX];
	size_t n;
};

/*
 * Those that are compiled in and those of share_dir (may be NULL), which are the
 * files phrases/LANGUAGE.txt there. `site` is the setting `language`: ERR_SYNTAX when
 * it is none, ERR_NOT_FOUND when there is no catalogue of it. A catalogue with a line
 * that is no phrase, or with a key twice, is ERR_SYNTAX. `languages` holds pointers
 * into itself and must not be moved; languages_close after success and after failure.
 */
enum err languages_open(struct languages *languages, const char *share_dir,
			const char *site, struct why *why);
void languages_close(struct languages *languages);

/* Small letters and hyphens, LANGUAGE_TAG_MAX bytes at most. */
bool language_is_tag(struct str s);

/* What speakers of it call it: its phrase language.name; without one, its tag. */
struct str language_name(const struct language *language);

/* "en"; NULL where there is none. */
const struct language *languages_find(const struct languages *languages, struct str tag);

/*
 * A phrase in `language`; what it lacks is taken from English. share_dir's phrases
 * come before those that are built in. False when English does not have it either.
 */
bool languages_phrase(const struct languages *languages, const struct language *language,
		      struct str key, struct str *phrase);

/* The same of what is compiled in, in English. */
bool languages_phrase_built_in(struct str key, struct str *phrase);

#endif
