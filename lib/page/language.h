/*
 * The languages of the pages, and the choice of the language for a request. Each
 * language has a catalogue of phrases (share/phrases/LANGUAGE.txt), compiled in or in
 * share_dir.
 */
#ifndef LANGUAGE_H
#define LANGUAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

#define LANGUAGES_MAX 16
#define LANGUAGE_TAG_MAX 16 /* bytes: RFC 5646 in lower case, "pt-br" */

struct language {
	char tag[LANGUAGE_TAG_MAX + 1];
	struct str built_in; /* empty: only share_dir has the language */
	struct buf own;      /* the catalogue in share_dir; its phrases come first */
};

/* The site's own language is the first. */
struct languages {
	struct language all[LANGUAGES_MAX];
	struct str tags[LANGUAGES_MAX];
	size_t n;
};

/*
 * Open the languages that are compiled in and those of share_dir (may be NULL), which
 * are the files phrases/LANGUAGE.txt there. `site` is the setting `language`:
 * ERR_SYNTAX if it is no language, ERR_NOT_FOUND if it has no catalogue. ERR_SYNTAX
 * also for a catalogue with a malformed line, or with a key twice. `languages`
 * contains pointers into itself and must not be moved. Call languages_close after
 * success and after failure.
 */
enum err languages_open(struct languages *languages, const char *share_dir,
			const char *site, struct why *why);
void languages_close(struct languages *languages);

/* True for lower-case letters and hyphens, LANGUAGE_TAG_MAX bytes at most. */
bool language_is_tag(struct str s);

/* The language's name in itself: its phrase language.name, or else its tag. */
struct str language_name(const struct language *language);

/* Does it have this key itself, with a phrase? */
bool language_has(const struct language *language, struct str key);

/* "en"; NULL where there is none. */
const struct language *languages_find(const struct languages *languages, struct str tag);

/*
 * A phrase in `language`. If it is missing there, the English phrase is used. Phrases
 * of share_dir come before built-in ones. False if English does not have it either.
 *
 * A counted phrase has no row KEY, but a row for each form: KEY.one, KEY.other
 * (plural.h). `count` chooses the form. If the language lacks this form, KEY.other is
 * used.
 */
bool languages_phrase(const struct languages *languages, const struct language *language,
		      struct str key, struct str count, struct str *phrase);

/*
 * The same from the compiled-in phrases only: in `language`, or in English if only
 * share_dir has that language. The tag is that of the phrases.
 */
const char *language_tag_built_in(const struct language *language);
bool language_phrase_built_in(const struct language *language, struct str key,
			      struct str count, struct str *phrase);

#endif
