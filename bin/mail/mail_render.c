#include "bin/mail/mail_render.h"

#include <stdio.h>
#include <string.h>

#include "base/embedded.h"
#include "page/moment.h"
#include "template/template.h"

#define NAME_MAX_LENGTH 64
#define FIELDS 18
#define TIME_MAX 256 /* bytes of a time as words */

/* One part of one mail while it is built. */
struct part {
	const struct mail_texts *texts;
	const struct language *language;
	const char *name;   /* of the mail */
	const char *ending; /* ".txt" */
	bool built_in;      /* as it is compiled in */
};

enum err
mail_texts_open(struct mail_texts *texts, const struct config *config, struct why *why)
{
	static const struct embedded_folder folders[] = { { "mail", embedded_share_mail },
							  { NULL } };
	enum err e;

	*texts = (struct mail_texts){ .config = config };
	moment_use_zone(config->time_zone);
	if (share_open(&texts->share, folders, config->share_dir, why) == ERR_OK &&
	    languages_open(&texts->languages, config->share_dir, config->language, why) ==
		    ERR_OK)
		return ERR_OK;
	mail_texts_close(texts);
	texts->built_in = true;
	if ((e = share_open(&texts->share, folders, NULL, why)) == ERR_OK)
		e = languages_open(&texts->languages, NULL, "en", why);
	return e;
}

void
mail_texts_close(struct mail_texts *texts)
{
	share_close(&texts->share);
	languages_close(&texts->languages);
}

/* The language that the mail is in at last. */
static const char *
tag_of(const struct part *part)
{
	return part->built_in ? language_tag_built_in(part->language)
			      : part->language->tag;
}

static bool
find_phrase(const void *arg, struct str key, struct str count, struct str *text)
{
	const struct part *part = arg;

	return part->built_in ? language_phrase_built_in(part->language, key, count, text)
			      : languages_phrase(&part->texts->languages, part->language,
						 key, count, text);
}

/*
 * {{>content}} is the mail's own template. Any other NAME is that file with the same
 * ending.
 */
static bool
find_part(const void *arg, struct str name, struct str *text)
{
	const struct part *part = arg;
	const struct share_file *file;
	char path[NAME_MAX_LENGTH + 8];
	int n;

	if (str_is(name, "content"))
		name = str_of(part->name);
	n = snprintf(path, sizeof(path), "%.*s%s", STR_ARG(name), part->ending);
	if (n < 0 || (size_t)n >= sizeof(path))
		return false;
	file = share_find(&part->texts->share, str_of(path));
	if (file != NULL)
		*text = part->built_in ? file->built_in : share_bytes(file);
	return file != NULL;
}

static struct template_field
text_field(const char *name, struct str text)
{
	return (struct template_field){ name, TEMPLATE_TEXT, .text = text };
}

static struct template_field
flag_field(const char *name, bool on)
{
	return (struct template_field){ name, TEMPLATE_FLAG, .on = on };
}

/* Times as words, in the language of the mail. */
struct times {
	struct buf at, until;
};

static void
write_time(const struct part *part, int64_t seconds, struct buf *out)
{
	const struct template_source source = { NULL, find_phrase, part, .plain = true };
	struct moment moment;

	if (moment_field("time", seconds, &moment).n_items == 0 ||
	    template_render(&source, STR("{{text:time.form}}"), &moment.scope, out,
			    NULL) != ERR_OK) {
		buf_clear(out);
		buf_addz(out, "?");
	}
}

static void
times_init(struct times *times, const struct part *part, const struct mail_values *v)
{
	buf_init(&times->at, TIME_MAX);
	buf_init(&times->until, TIME_MAX);
	write_time(part, v->at, &times->at);
	if (v->until != 0)
		write_time(part, v->until, &times->until);
}

static void
times_done(struct times *times)
{
	buf_done(&times->at);
	buf_done(&times->until);
}

/* The names of every mail. */
static void
fill(struct template_field fields[FIELDS], const struct part *part,
     const struct mail_values *v, const struct times *times)
{
	const struct config *c = part->texts->config;
	size_t n = 0;

	fields[n++] = text_field("site_name", str_of(c->site_name));
	fields[n++] = text_field("public_url", str_of(c->public_url));
	fields[n++] = text_field("language", str_of(tag_of(part)));
	fields[n++] = text_field("name", v->name);
	fields[n++] = text_field("link", v->link);
	fields[n++] = text_field("browser", v->browser);
	fields[n++] = text_field("system", v->system);
	fields[n++] = text_field("network", v->network);
	fields[n++] = flag_field("of_totp", v->of_totp);
	fields[n++] = flag_field("of_passkey", v->of_passkey);
	fields[n++] = flag_field("of_codes", v->of_codes);
	fields[n++] = text_field("passkey", v->passkey);
	fields[n++] = text_field("left", v->left);
	fields[n++] = text_field("label", v->label);
	fields[n++] = text_field("roles", v->roles);
	fields[n++] = text_field("prefix", v->prefix);
	fields[n++] = text_field("at", buf_str(&times->at));
	fields[n++] = text_field("until", buf_str(&times->until));
}

/* Append `text` with the values, escaped as the part's ending demands. */
static enum err
render(const struct part *part, const struct mail_values *values, struct str text,
       struct buf *out, struct why *why)
{
	const struct template_source source = { find_part, find_phrase, part,
						strcmp(part->ending, ".txt") == 0 };
	struct template_field fields[FIELDS];
	const struct template_scope scope = { fields, FIELDS };
	struct times times;
	enum err e;

	times_init(&times, part, values);
	fill(fields, part, values, &times);
	buf_clear(out);
	e = template_render(&source, text, &scope, out, why);
	times_done(&times);
	return e;
}

/* The template of the subject: one phrase. */
static bool
put_subject(struct buf *out, const char *name)
{
	buf_addz(out, "{{text:mail.");
	for (; *name != '\0'; name++)
		buf_addc(out, *name == '-' ? '_' : *name);
	return buf_addz(out, ".subject}}");
}

static enum err
render_all(struct part *part, const struct mail_values *values, struct mail_rendered *out,
	   struct why *why)
{
	const struct str layout = STR("{{>layout}}");
	struct buf subject;
	enum err e = ERR_MEMORY;

	buf_init(&subject, 256);
	part->ending = ".txt";
	if (put_subject(&subject, part->name) &&
	    (e = render(part, values, buf_str(&subject), &out->subject, why)) == ERR_OK &&
	    (e = render(part, values, layout, &out->text, why)) == ERR_OK) {
		part->ending = ".html";
		e = render(part, values, layout, &out->html, why);
	}
	buf_done(&subject);
	return e;
}

/* "pt-BR" is the file pt-br.txt. */
static const struct language *
find_language(const struct mail_texts *texts, struct str language)
{
	const struct language *found;
	char tag[LANGUAGE_TAG_MAX + 1];

	if (language.n == 0 || language.n > LANGUAGE_TAG_MAX)
		return &texts->languages.all[0];
	for (size_t i = 0; i < language.n; i++)
		tag[i] = (char)(language.p[i] >= 'A' && language.p[i] <= 'Z'
					? language.p[i] - 'A' + 'a'
					: language.p[i]);
	found = languages_find(&texts->languages, (struct str){ tag, language.n });
	return found != NULL ? found : &texts->languages.all[0];
}

/* Does this mail have a template? layout has one, but is no mail. */
static bool
is_mail(const struct mail_texts *texts, const char *name)
{
	char file[NAME_MAX_LENGTH + 8];
	int n = snprintf(file, sizeof(file), "%s.txt", name);

	return n > 0 && (size_t)n < sizeof(file) && strcmp(name, "layout") != 0 &&
	       share_find(&texts->share, str_of(file)) != NULL;
}

enum err
mail_render(const struct mail_texts *texts, const char *name, struct str language,
	    const struct mail_values *values, struct mail_rendered *out, struct why *why)
{
	struct part part = { .texts = texts,
			     .language = find_language(texts, language),
			     .name = name,
			     .built_in = texts->built_in };
	enum err e;

	if (!is_mail(texts, name))
		return why_set(why, ERR_NOT_FOUND, "there is no mail \"%s\"", name);
	e = render_all(&part, values, out, why);
	if (e != ERR_OK && !part.built_in) {
		part.built_in = true;
		e = render_all(&part, values, out, why);
	}
	out->language = tag_of(&part);
	return e;
}

/* ---- for `config check` ---- */

static const struct mail_values sample = {
	.name = { "ann", 3 },
	.link = { "https://example.org/", 20 },
	.browser = { "Firefox", 7 },
	.system = { "Linux", 5 },
	.network = { "192.0.2.1", 9 },
	.of_totp = true,
	.of_passkey = true,
	.of_codes = true,
	.passkey = { "phone", 5 },
	.left = { "9", 1 },
	.label = { "backup", 6 },
	.roles = { "member", 6 },
	.prefix = { "/dav", 4 },
	.at = 1,
	.until = 2,
};

/*
 * Render every section with every name, within the frame. For a text part also the
 * subject.
 */
static enum err
check_part(const struct part *part, struct why *why)
{
	const struct template_source source = { find_part, find_phrase, part,
						strcmp(part->ending, ".txt") == 0 };
	struct template_field fields[FIELDS];
	const struct template_scope known = { fields, FIELDS };
	struct times times;
	struct buf subject;
	enum err e;

	buf_init(&subject, 256);
	times_init(&times, part, &sample);
	fill(fields, part, &sample, &times);
	e = template_check(&source, STR("{{>layout}}"), &known, why);
	if (e == ERR_OK && source.plain && put_subject(&subject, part->name))
		e = template_check(&source, buf_str(&subject), &known, why);
	times_done(&times);
	buf_done(&subject);
	return e;
}

static void
check_file(const struct mail_texts *texts, const struct language *language,
	   const struct share_file *file, struct buf *problems)
{
	char name[NAME_MAX_LENGTH + 8];
	size_t n = str_index(file->name, '.');
	struct part part = { .texts = texts, .language = language, .name = name };
	struct why why;

	if (n >= sizeof(name))
		return;
	snprintf(name, sizeof(name), "%.*s", (int)n, file->name.p);
	part.ending = file->name.p + n;
	if (check_part(&part, &why) != ERR_OK)
		buf_addf(problems, "mail/%s in %s: %s\n", file->name.p, language->tag,
			 why.text);
}

/* It is checked with each mail. */
static bool
is_frame(struct str name)
{
	return str_starts_with(name, STR("layout."));
}

void
mail_texts_check(const struct config *config, struct buf *problems)
{
	struct mail_texts texts;
	struct why why = { "" };

	if (mail_texts_open(&texts, config, &why) != ERR_OK)
		buf_addf(problems, "mail: %s\n", why.text);
	for (size_t l = 0; l < texts.languages.n; l++)
		for (size_t i = 0; i < texts.share.n; i++)
			if (!is_frame(texts.share.files[i].name))
				check_file(&texts, &texts.languages.all[l],
					   &texts.share.files[i], problems);
	mail_texts_close(&texts);
}
