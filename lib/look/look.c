#include "look/look.h"

#include <stdio.h>
#include <string.h>

#include "access/urls.h"
#include "base/file.h"
#include "base/text.h"
#include "config/config.h"
#include "crypto/hash.h"
#include "look/accent.h"

#define SVG_TYPE "image/svg+xml"
#define VERSION_BYTES 12

/* The colours of doorward.svg that follow accent. */
#define ICON_ACCENT STR("#1d5c4c")
#define ICON_LEAF STR("#123c32")

static enum err
measure(struct str bytes, struct buf *version)
{
	unsigned char hash[SHA256_SIZE];

	if (sha256(bytes, hash) != ERR_OK)
		return ERR_CRYPTO;
	return text_add_hex(version, (struct str){ (const char *)hash, VERSION_BYTES })
		       ? ERR_OK
		       : ERR_MEMORY;
}

/* An address that changes with the bytes, so browsers may keep the file for ever. */
static enum err
name_file(struct look_file *file, const char *version, const char *suffix)
{
	enum err e = ERR_OK;
	struct buf own;
	int n;

	buf_init(&own, 2 * VERSION_BYTES);
	if (version == NULL)
		e = measure(file->bytes, &own);
	n = snprintf(file->url, sizeof(file->url), URL_LOGIN "/doorward-%s%s",
		     version == NULL ? buf_z(&own) : version, suffix);
	buf_done(&own);
	if (e != ERR_OK)
		return e;
	return n > 0 && (size_t)n < sizeof(file->url) ? ERR_OK : ERR_LIMIT;
}

/* `text` with each `from` replaced. */
static void
add_replaced(struct buf *out, struct str text, struct str from, const char *to)
{
	while (text.n > 0) {
		const char *at = memmem(text.p, text.n, from.p, from.n);
		size_t n = at == NULL ? text.n : (size_t)(at - text.p);

		buf_add(out, str_sub(text, 0, n));
		if (at != NULL)
			buf_addz(out, to);
		text = str_sub(text, at == NULL ? n : n + from.n, text.n);
	}
}

/*
 * `css` without comments, line ends and indents. Our own has no strings that contain
 * any.
 */
static void
add_dense(struct buf *out, struct str css)
{
	while (css.n > 0) {
		struct str line = str_trim(str_cut(&css, '\n'));

		if (str_starts_with(line, STR("/*")) && str_ends_with(line, STR("*/")))
			continue;
		buf_add(out, line);
		if (line.n > 0 && strchr("{};,:", line.p[line.n - 1]) == NULL)
			buf_addc(out, ' ');
	}
}

/*
 * As small as possible, and in the colour of accent. A file of share_dir is unchanged.
 */
static enum err
make_stylesheet(struct look_file *file, const struct look_source *source,
		const struct accent *accent)
{
	if (source->version == NULL)
		buf_add(&file->made, source->bytes);
	else
		add_dense(&file->made, source->bytes);
	if (accent != NULL)
		accent_add_rules(&file->made, accent);
	file->type = "text/css; charset=utf-8";
	file->bytes = buf_str(&file->made);
	return file->made.failed
		       ? ERR_MEMORY
		       : name_file(file, accent == NULL ? source->version : NULL, ".css");
}

static enum err
make_icon(struct look_file *file, const struct look_source *source,
	  const struct accent *accent)
{
	struct buf half;

	file->type = SVG_TYPE;
	file->bytes = source->bytes;
	if (accent == NULL)
		return name_file(file, source->version, ".svg");
	buf_init(&half, 2 * LOOK_FILE_MAX);
	add_replaced(&half, source->bytes, ICON_ACCENT, accent->light);
	add_replaced(&file->made, buf_str(&half), ICON_LEAF, accent->leaf);
	file->made.failed = file->made.failed || half.failed;
	buf_done(&half);
	file->bytes = buf_str(&file->made);
	return file->made.failed ? ERR_MEMORY : name_file(file, NULL, ".svg");
}

/* Is it an <svg>, after a prolog and comments? Browsers use the type that we send. */
static bool
is_svg(struct str bytes)
{
	const char *at = memmem(bytes.p, bytes.n, "<svg", 4);

	return at != NULL && str_is_utf8(bytes) && bytes.p[0] != '\0' &&
	       (bytes.p[0] == '<' || str_starts_with(bytes, STR("\xef\xbb\xbf<")));
}

/* The kind of an image, found by its first bytes. NULL: browsers show no such image. */
static const char *
image_type(struct str bytes, const char **suffix)
{
	static const struct {
		struct str head;
		const char *type, *suffix;
	} kinds[] = {
		{ { "\x89PNG\r\n\x1a\n", 8 }, "image/png", ".png" },
		{ { "\xff\xd8\xff", 3 }, "image/jpeg", ".jpg" },
		{ { "GIF8", 4 }, "image/gif", ".gif" },
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (str_starts_with(bytes, kinds[i].head)) {
			*suffix = kinds[i].suffix;
			return kinds[i].type;
		}
	*suffix = ".webp";
	if (str_starts_with(bytes, STR("RIFF")) && str_is(str_sub(bytes, 8, 4), "WEBP"))
		return "image/webp";
	*suffix = ".svg";
	return bytes.n > 0 && is_svg(bytes) ? SVG_TYPE : NULL;
}

static enum err
read_logo(struct look_file *file, const char *path, struct why *why)
{
	struct why detail = { "" };
	const char *suffix;
	enum err e = file_read(path, LOOK_FILE_MAX, &file->made, NULL, &detail);

	if (e != ERR_OK)
		return why_set(why, e, "logo: %s", detail.text);
	file->bytes = buf_str(&file->made);
	file->type = image_type(file->bytes, &suffix);
	if (file->type == NULL)
		return why_set(why, ERR_SYNTAX,
			       "logo: %s: not an image in SVG, PNG, JPEG, WebP or GIF",
			       path);
	return name_file(file, NULL, suffix);
}

/*
 * A logo that is not good is left out: people can log in whatever the page looks like.
 */
static void
open_logo(struct look *look, const char *path)
{
	if (read_logo(&look->logo, path, &look->logo_wrong) == ERR_OK)
		return;
	look->logo.url[0] = '\0';
	buf_done(&look->logo.made);
}

enum err
look_open(struct look *look, const struct config *config,
	  const struct look_source *stylesheet, const struct look_source *admin,
	  const struct look_source *icon, const struct look_source *script)
{
	struct accent shades, *accent = NULL;
	enum err e;

	buf_init(&look->stylesheet.made, 2 * LOOK_FILE_MAX);
	buf_init(&look->admin.made, LOOK_FILE_MAX);
	buf_init(&look->icon.made, 2 * LOOK_FILE_MAX);
	buf_init(&look->logo.made, LOOK_FILE_MAX);
	if (config->accent != NULL) {
		accent_of(str_of(config->accent), &shades);
		accent = &shades;
	}
	e = make_stylesheet(&look->stylesheet, stylesheet, accent);
	if (e == ERR_OK)
		e = make_stylesheet(&look->admin, admin, NULL);
	if (e == ERR_OK)
		e = make_icon(&look->icon, icon, accent);
	if (e == ERR_OK && script != NULL) {
		look->script.type = "text/javascript; charset=utf-8";
		look->script.bytes = script->bytes;
		e = name_file(&look->script, script->version, ".js");
	}
	if (e == ERR_OK && config->logo != NULL)
		open_logo(look, config->logo);
	return e;
}

void
look_close(struct look *look)
{
	buf_done(&look->stylesheet.made);
	buf_done(&look->admin.made);
	buf_done(&look->icon.made);
	buf_done(&look->logo.made);
	*look = (struct look){ .stylesheet.url = "" };
}

const struct look_file *
look_find(const struct look *look, struct str url)
{
	const struct look_file *all[] = { &look->stylesheet, &look->admin, &look->icon,
					  &look->script, &look->logo };

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		if (all[i]->url[0] != '\0' && str_is(url, all[i]->url))
			return all[i];
	return NULL;
}
