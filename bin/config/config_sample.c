/*
 * doorward config sample: a settings file in which every setting is a comment.
 */
#include "bin/config/config_list.h"

#include <string.h>

#include "config/places.h"

#define OUT_MAX (1024 * 1024)
#define WIDTH 79

static const char head[] =
	"#\n"
	"# Each setting stands here with its default, or with an example where it has\n"
	"# none. Take the # away from those that you set. A line is `name = value`; a #\n"
	"# further on in a line belongs to the value. `doorward config check` says what\n"
	"# is wrong or missing, and `man doorward.conf` says how rules are written.\n";

/* Text as lines of a comment. */
static void
put_comment(struct buf *out, struct str text)
{
	size_t column = 1;

	buf_addc(out, '#');
	while (text.n > 0) {
		struct str word = str_cut(&text, ' ');

		if (column > 1 && column + 1 + word.n > WIDTH) {
			buf_addz(out, "\n#");
			column = 1;
		}
		buf_addc(out, ' ');
		buf_add(out, word);
		column += 1 + word.n;
	}
	buf_addc(out, '\n');
}

/* For a setting without a default and without its own example. */
static const char *
example_of_kind(enum setting_kind kind)
{
	switch (kind) {
	case SETTING_ORIGIN:
	case SETTING_ORIGINS:
		return "https://app.example.org";
	case SETTING_URL:
	case SETTING_LINK:
		return "https://example.org/page";
	case SETTING_HOST:
		return "example.org";
	case SETTING_HEADER:
		return "X-Access-Token";
	case SETTING_NETWORKS:
		return "192.0.2.0/24";
	case SETTING_CONNINFO:
		return "host=/run/postgresql dbname=doorward";
	default:
		return NULL;
	}
}

static void
put_value(const struct setting *s, struct buf *out)
{
	const char *example = s->example;

	if (example == NULL && s->same_as != NULL)
		example = setting_find(config_table, str_of(s->same_as))->example;
	if (example == NULL && s->default_text != NULL && s->default_text[0] != '\0')
		example = s->default_text;
	if (example == NULL)
		example = example_of_kind(s->kind);
	if (example != NULL)
		buf_addz(out, example);
	else if (s->kind == SETTING_PATH)
		buf_addf(out, "%s/%s", places_directory, s->name);
	else
		buf_addz(out, "…");
}

static void
put_setting(const struct setting *s, const char *prefix, struct buf *out)
{
	struct buf comment;

	buf_init(&comment, 4096);
	buf_addf(&comment, "%s (", s->meaning);
	config_put_kind(s, &comment);
	buf_addz(&comment, "; ");
	config_put_default(s, &comment);
	buf_addc(&comment, ')');
	buf_addc(out, '\n');
	put_comment(out, buf_str(&comment));
	buf_addf(out, "#%s%s = ", prefix, s->name);
	put_value(s, out);
	buf_addc(out, '\n');
	out->failed = out->failed || comment.failed;
	buf_done(&comment);
}

/* First the settings that every site sets, then the rest by topic. */
static void
put_all(struct buf *out)
{
	buf_addf(out, "# The settings of Doorward. The programs read %s.\n",
		 places_settings);
	buf_addz(out, head);
	buf_addz(out, "\n# ---- what every site sets ----\n");
	for (const struct setting *s = config_table; s->name != NULL; s++)
		if (s->every_site)
			put_setting(s, "", out);
	for (const struct setting *s = config_table; s->name != NULL; s++) {
		if (s->section != NULL)
			buf_addf(out, "\n# ---- %s ----\n", s->section);
		if (!s->every_site)
			put_setting(s, "", out);
	}
	buf_addz(out,
		 "\n# ---- an issuer whose tokens are accepted, too: NAME is yours to "
		 "choose ----\n");
	for (const struct setting *s = config_issuer_table; s->name != NULL; s++)
		put_setting(s, "issuer.NAME.", out);
}

int
config_sample_command(int argc, char **argv)
{
	struct buf out;
	int result = COMMAND_FAILED;

	if (!command_options(&argc, argv, NULL) || argc != 1)
		return COMMAND_MISUSED;
	buf_init(&out, OUT_MAX);
	put_all(&out);
	if (!out.failed && command_write(buf_str(&out)))
		result = COMMAND_OK;
	buf_done(&out);
	return result;
}
