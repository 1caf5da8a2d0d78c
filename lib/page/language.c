#include "page/language.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/embedded.h"
#include "page/catalogue.h"
#include "page/plural.h"
#include "page/share.h"

#define FOLDER "phrases"
#define SUFFIX ".txt"
#define KEY_MAX 96 /* bytes of a key with its form */

bool
language_is_tag(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (!(s.p[i] >= 'a' && s.p[i] <= 'z') && s.p[i] != '-')
			return false;
	}
	return s.n > 0 && s.n <= LANGUAGE_TAG_MAX;
}

/* "de.txt" is the catalogue of German. There may be other files beside it. */
static bool
tag_of_file(const char *name, struct str *tag)
{
	struct str s = str_of(name);

	if (!str_ends_with(s, STR(SUFFIX)))
		return false;
	*tag = str_sub(s, 0, s.n - (sizeof(SUFFIX) - 1));
	return language_is_tag(*tag);
}

/* Its number. `n` if it is not there. */
static size_t
index_of(const struct languages *languages, struct str tag)
{
	size_t i = 0;

	while (i < languages->n && !str_is(tag, languages->all[i].tag))
		i++;
	return i;
}

const struct language *
languages_find(const struct languages *languages, struct str tag)
{
	size_t i = index_of(languages, tag);

	return i < languages->n ? &languages->all[i] : NULL;
}

/* The language `tag`. It is added if it is not there yet. */
static enum err
add(struct languages *languages, struct str tag, struct language **added, struct why *why)
{
	size_t i = index_of(languages, tag);

	if (i >= LANGUAGES_MAX)
		return why_set(why, ERR_LIMIT, "share_dir: more than %d languages",
			       LANGUAGES_MAX);
	*added = &languages->all[i];
	if (i < languages->n)
		return ERR_OK;
	languages->n++;
	snprintf((*added)->tag, sizeof((*added)->tag), "%.*s", STR_ARG(tag));
	buf_init(&(*added)->own, SHARE_FILE_MAX);
	return ERR_OK;
}

static enum err
add_built_in(struct languages *languages, struct why *why)
{
	struct language *language;
	struct str tag;
	enum err e = ERR_OK;

	for (const struct embedded *f = embedded_share_phrases; f->name != NULL; f++) {
		if (!tag_of_file(f->name, &tag))
			continue;
		if ((e = add(languages, tag, &language, why)) != ERR_OK)
			return e;
		language->built_in = f->bytes;
	}
	return ERR_OK;
}

static enum err
add_own(struct languages *languages, int directory, const char *name, struct why *why)
{
	struct language *language;
	struct why detail;
	struct str tag;
	enum err e;

	if (!tag_of_file(name, &tag))
		return ERR_OK;
	if ((e = add(languages, tag, &language, why)) != ERR_OK)
		return e;
	if ((e = share_read(directory, FOLDER, name, &language->own, why)) != ERR_OK)
		return e;
	if ((e = catalogue_check(buf_str(&language->own), &detail)) != ERR_OK)
		why_set(why, e, "share_dir: %s/%s:%s", FOLDER, name, detail.text);
	return e;
}

static enum err
add_share_dir(struct languages *languages, const char *share_dir, struct why *why)
{
	int directory;
	enum err e = share_open_dir(share_dir, FOLDER, &directory, why);
	struct dirent *entry;
	DIR *dir;

	if (e != ERR_OK)
		return e == ERR_NOT_FOUND ? ERR_OK : e;
	if ((dir = fdopendir(directory)) == NULL) {
		close(directory);
		return why_set(why, ERR_IO, "share_dir: %s: %s", FOLDER, strerror(errno));
	}
	while (e == ERR_OK && (entry = readdir(dir)) != NULL)
		e = add_own(languages, directory, entry->d_name, why);
	closedir(dir);
	return e;
}

/* Make the site's own language the first. */
static enum err
put_first(struct languages *languages, const char *site, struct why *why)
{
	size_t at = index_of(languages, str_of(site));
	struct language first;

	if (at == languages->n)
		return why_set(why, ERR_NOT_FOUND,
			       "language: there is no %s/%s%s in share_dir", FOLDER, site,
			       SUFFIX);
	first = languages->all[at];
	languages->all[at] = languages->all[0];
	languages->all[0] = first;
	for (size_t i = 0; i < languages->n; i++)
		languages->tags[i] = str_of(languages->all[i].tag);
	return ERR_OK;
}

enum err
languages_open(struct languages *languages, const char *share_dir, const char *site,
	       struct why *why)
{
	enum err e;

	if (!language_is_tag(str_of(site)))
		return why_set(why, ERR_SYNTAX, "language: a to z and - only");
	e = add_built_in(languages, why);
	if (e == ERR_OK && share_dir != NULL)
		e = add_share_dir(languages, share_dir, why);
	return e == ERR_OK ? put_first(languages, site, why) : e;
}

void
languages_close(struct languages *languages)
{
	for (size_t i = 0; i < languages->n; i++)
		buf_done(&languages->all[i].own);
	languages->n = 0;
}

/* The phrase of a key as it stands in the catalogue. */
static bool
row_of(const struct language *language, struct str key, struct str *phrase)
{
	return catalogue_find(buf_str(&language->own), key, phrase) ||
	       catalogue_find(language->built_in, key, phrase);
}

bool
language_has(const struct language *language, struct str key)
{
	struct str phrase;

	return row_of(language, key, &phrase);
}

/* The form KEY.FORM of a counted phrase. */
static bool
form_of(const struct language *language, struct str key, const char *form,
	struct str *phrase)
{
	char row[KEY_MAX];
	int n = snprintf(row, sizeof(row), "%.*s.%s", STR_ARG(key), form);

	return n > 0 && (size_t)n < sizeof(row) &&
	       row_of(language, (struct str){ row, (size_t)n }, phrase);
}

static bool
phrase_of(const struct language *language, struct str key, struct str count,
	  struct str *phrase)
{
	return row_of(language, key, phrase) ||
	       form_of(language, key, plural_form(str_of(language->tag), count),
		       phrase) ||
	       form_of(language, key, "other", phrase);
}

struct str
language_name(const struct language *language)
{
	struct str name;

	return row_of(language, STR("language.name"), &name) ? name
							     : str_of(language->tag);
}

bool
languages_phrase(const struct languages *languages, const struct language *language,
		 struct str key, struct str count, struct str *phrase)
{
	const struct language *english;

	if (phrase_of(language, key, count, phrase))
		return true;
	english = languages_find(languages, STR("en"));
	return english != NULL && english != language &&
	       phrase_of(english, key, count, phrase);
}

/* The compiled-in English catalogue. */
static struct str
english_built_in(void)
{
	for (const struct embedded *f = embedded_share_phrases; f->name != NULL; f++)
		if (strcmp(f->name, "en" SUFFIX) == 0)
			return f->bytes;
	return STR("");
}

const char *
language_tag_built_in(const struct language *language)
{
	return language->built_in.n > 0 ? language->tag : "en";
}

bool
language_phrase_built_in(const struct language *language, struct str key,
			 struct str count, struct str *phrase)
{
	struct language own = { .built_in = language->built_in };
	const struct language english = { .tag = "en", .built_in = english_built_in() };

	memcpy(own.tag, language->tag, sizeof(own.tag));
	return phrase_of(&own, key, count, phrase) ||
	       phrase_of(&english, key, count, phrase);
}
