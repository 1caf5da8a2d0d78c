#include "config/config.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "config/config_check.h"
#include "config/config_host.h"
#include "config/config_passkey.h"
#include "config/config_table.h"
#include "config/places.h"
#include "crypto/hash.h"

#define ISSUERS_MAX 16
#define PROBLEMS_MAX (256 * 1024)

/* One reading of one file. */
struct reading {
	struct config *c;
	const char *path; /* as the operator wrote it */
	char *directory;  /* of the file, absolute */
	struct buf *problems;
	unsigned line;
	unsigned seen[SETTINGS_MAX]; /* the line that set each row, or 0 */
	unsigned issuer_seen[ISSUERS_MAX][SETTINGS_MAX];
};

static void
problem(struct reading *r, const char *text)
{
	const char *file = r->c->file != NULL ? r->c->file : r->path;

	if (r->line > 0)
		buf_addf(r->problems, "%s:%u: %s\n", file, r->line, text);
	else
		buf_addf(r->problems, "%s: %s\n", file, text);
}

static void problemf(struct reading *r, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void
problemf(struct reading *r, const char *format, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	problem(r, text);
}

/* ---- one setting ---- */

/* As other files have them; here it is a part of the value. */
static bool
has_remark(struct str value)
{
	size_t at = str_index(value, '#');

	return at < value.n && at > 0 &&
	       (value.p[at - 1] == ' ' || value.p[at - 1] == '\t');
}

static void
set(struct reading *r, const struct setting *s, void *base, unsigned *seen,
    struct str name, struct str value)
{
	struct why why;

	if (*seen != 0 && s->kind != SETTING_RULE) {
		problemf(r, "%.*s was set in line %u already; take one of the lines out",
			 STR_ARG(name), *seen);
		return;
	}
	*seen = r->line;
	if (setting_set(s, base, value, r->directory, r->line, &why) != ERR_OK)
		problemf(r, "%.*s: %s%s", STR_ARG(name), why.text,
			 has_remark(value) ? "; a # behind a value belongs to the value"
					   : "");
}

static bool
is_issuer_name(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
		      c == '_'))
			return false;
	}
	return s.n > 0 && s.n <= 32;
}

static void
unknown(struct reading *r, struct str name)
{
	problemf(r, "unknown setting %.*s; `doorward config list` names them all",
		 STR_ARG(name));
}

/* The issuer called `name`, created when first mentioned. NULL if too many. */
static struct config_issuer *
issuer_get(struct reading *r, struct str name, size_t *index)
{
	struct config_issuers *all = &r->c->issuers;

	for (*index = 0; *index < all->n; (*index)++)
		if (str_is(name, all->items[*index].name))
			return &all->items[*index];
	if (all->n == ISSUERS_MAX)
		return NULL;
	if (all->items == NULL)
		all->items = calloc(ISSUERS_MAX, sizeof(*all->items));
	if (all->items == NULL || (all->items[all->n].name = str_dup(name)) == NULL)
		return NULL;
	return &all->items[all->n++];
}

static void
unknown_of_issuer(struct reading *r, struct str name, struct str who, struct str field)
{
	const char *nearest =
		text_nearest(field, config_issuer_table, sizeof(*config_issuer_table));

	if (setting_find(config_issuer_table, who) != NULL)
		problemf(r,
			 "unknown setting %.*s; give the issuer a name: issuer.NAME.%.*s",
			 STR_ARG(name), STR_ARG(who));
	else if (nearest != NULL)
		problemf(r, "unknown setting %.*s; did you mean issuer.%.*s.%s?",
			 STR_ARG(name), STR_ARG(who), nearest);
	else
		unknown(r, name);
}

/* issuer.NAME.FIELD = value */
static void
set_issuer(struct reading *r, struct str name, struct str value)
{
	struct str field = name, who;
	const struct setting *s;
	struct config_issuer *issuer;
	size_t i;

	str_cut(&field, '.');
	who = str_cut(&field, '.');
	s = setting_find(config_issuer_table, field);
	if (!is_issuer_name(who)) {
		problemf(r,
			 "unknown setting %.*s; an issuer's name is of a-z, 0-9, - and _",
			 STR_ARG(name));
		return;
	}
	if (s == NULL) {
		unknown_of_issuer(r, name, who, field);
		return;
	}
	if ((issuer = issuer_get(r, who, &i)) == NULL) {
		problemf(r, "more than %d issuers", ISSUERS_MAX);
		return;
	}
	set(r, s, issuer, &r->issuer_seen[i][s - config_issuer_table], name, value);
}

static void
set_named(struct reading *r, struct str name, struct str value)
{
	const struct setting *s = setting_find(config_table, name);
	const char *nearest;

	if (s != NULL) {
		set(r, s, r->c, &r->seen[s - config_table], name, value);
		return;
	}
	if (str_starts_with(name, STR("issuer."))) {
		set_issuer(r, name, value);
		return;
	}
	nearest = setting_nearest(name);
	if (nearest != NULL)
		problemf(r, "unknown setting %.*s; did you mean %s?", STR_ARG(name),
			 nearest);
	else
		unknown(r, name);
}

/* False: it is no text of settings at all, and one problem says why. */
static bool
read_text(struct reading *r, struct str text)
{
	struct config_lines lines;
	struct str name, value;
	const char *complaint = config_lines_init(&lines, text);

	if (complaint != NULL) {
		r->line = lines.line;
		problem(r, complaint);
		return false;
	}
	while (config_next(&lines, &name, &value, &complaint)) {
		r->line = lines.line;
		if (complaint != NULL)
			problem(r, complaint);
		else
			set_named(r, name, value);
	}
	r->line = 0;
	return true;
}

/* ---- settings that the file does not contain ---- */

static void
fill(struct reading *r, const struct setting *table, void *base, const unsigned *seen,
     const char *prefix)
{
	for (const struct setting *s = table; s->name != NULL; s++) {
		struct why why;

		if (seen[s - table] != 0)
			continue;
		if (s->required)
			problemf(r, "%s%s is missing; add a line: %s%s = %s", prefix,
				 s->name, prefix, s->name, s->example);
		else if (s->default_text != NULL &&
			 setting_set(s, base, str_of(s->default_text), r->directory, 0,
				     &why) != ERR_OK)
			problemf(r, "%s%s: %s", prefix, s->name, why.text);
	}
}

/* Settings that take the value of another when they are not set. */
static void
fill_same(struct reading *r)
{
	for (const struct setting *s = config_table; s->name != NULL; s++) {
		const struct setting *other;
		struct why why = { "" };
		const char *from;

		if (s->same_as == NULL || r->seen[s - config_table] != 0)
			continue;
		other = setting_find(config_table, str_of(s->same_as));
		from = *(const char **)((char *)r->c + other->offset);
		if (from != NULL &&
		    setting_set(s, r->c, str_of(from), r->directory, 0, &why) != ERR_OK)
			problem(r, why.text);
	}
}

static void
fill_all(struct reading *r)
{
	fill(r, config_table, r->c, r->seen, "");
	fill_same(r);
	for (size_t i = 0; i < r->c->issuers.n; i++) {
		char prefix[64];

		snprintf(prefix, sizeof(prefix), "issuer.%s.",
			 r->c->issuers.items[i].name);
		fill(r, config_issuer_table, &r->c->issuers.items[i], r->issuer_seen[i],
		     prefix);
	}
	if (r->c->public_url == NULL)
		return;
	if (r->c->site_name == NULL)
		r->c->site_name = str_dup(config_host(r->c));
	if (r->c->passkey_rp_id == NULL && config_passkey_obstacle(r->c) == NULL)
		r->c->passkey_rp_id = str_dup(config_host(r->c));
}

/* ---- the file ---- */

static const char *
advice(enum err e, const char *text)
{
	if (e == ERR_NOT_FOUND)
		return "; --config FILE or DOORWARD_CONFIG names another file";
	if (e == ERR_PERMISSION && strstr(text, "Permission denied") != NULL)
		return "; run this as a user who may read it";
	if (e == ERR_PERMISSION)
		return "; name the file itself";
	return "";
}

static enum err
read_file(struct reading *r, struct buf *text)
{
	struct why why = { "" };
	struct stat st;
	enum err e = file_read(r->path, CONFIG_FILE_MAX, text, &st, &why);

	if (e != ERR_OK) {
		buf_addf(r->problems, "cannot open the settings: %s%s\n", why.text,
			 advice(e, why.text));
		return e;
	}
	if (st.st_mode & S_IWOTH) {
		problem(r, "everyone may write the settings; chmod o-w");
		return ERR_PERMISSION;
	}
	return ERR_OK;
}

/* The absolute form of `path`, and the directory that contains it. */
static enum err
locate(struct reading *r)
{
	char *cwd = r->path[0] == '/' ? NULL : getcwd(NULL, 0);
	char *file = NULL;
	const char *slash;

	if (r->path[0] == '/')
		file = str_dup(str_of(r->path));
	else if (cwd == NULL || asprintf(&file, "%s/%s", cwd, r->path) < 0)
		file = NULL;
	free(cwd);
	if (file == NULL) {
		problem(r, "cannot tell the current directory");
		return ERR_IO;
	}
	r->c->file = file;
	slash = strrchr(file, '/');
	r->directory = str_dup((struct str){ file, (size_t)(slash - file) });
	return r->directory == NULL ? ERR_MEMORY : ERR_OK;
}

/* What a file says, as lines with their places. */
static enum err
read_located(struct reading *r, struct str text)
{
	if (read_text(r, text))
		fill_all(r);
	if (r->problems->n == 0)
		config_check(r->c, r->seen, r->problems);
	return r->problems->n > 0 || r->problems->failed ? ERR_SYNTAX : ERR_OK;
}

enum err
config_read_text(const char *path, struct str text, struct config *c,
		 struct buf *problems)
{
	struct reading r = { .c = c, .path = path, .problems = problems };
	enum err e;

	*c = (struct config){ 0 };
	if ((e = locate(&r)) == ERR_OK)
		e = read_located(&r, text);
	free(r.directory);
	return e;
}

enum err
config_read(const char *path, struct config *c, struct buf *problems)
{
	struct reading r = { .c = c, .path = path, .problems = problems };
	struct buf text;
	enum err e;

	*c = (struct config){ 0 };
	buf_init(&text, CONFIG_FILE_MAX);
	if ((e = locate(&r)) == ERR_OK && (e = read_file(&r, &text)) == ERR_OK)
		e = read_located(&r, buf_str(&text));
	if (e == ERR_OK)
		e = sha256(buf_str(&text), c->digest);
	free(r.directory);
	buf_done(&text);
	return e;
}

enum err
config_load(const char *path, struct config *c, struct why *why)
{
	struct buf problems;
	enum err e;

	buf_init(&problems, PROBLEMS_MAX);
	e = config_read(path, c, &problems);
	if (e != ERR_OK) {
		struct str text = buf_str(&problems);
		struct str first = str_cut(&text, '\n');

		why_set(why, e, "%.*s", (int)(first.n < 500 ? first.n : 500), first.p);
		config_done(c);
	}
	buf_done(&problems);
	return e;
}

void
config_done(struct config *c)
{
	if (c == NULL)
		return;
	for (size_t i = 0; i < c->issuers.n; i++) {
		free((void *)(uintptr_t)c->issuers.items[i].name);
		setting_free_all(config_issuer_table, &c->issuers.items[i]);
	}
	free(c->issuers.items);
	setting_free_all(config_table, c);
	free((void *)(uintptr_t)c->file);
	*c = (struct config){ 0 };
}

enum err
config_need(const struct config *c, const char *name, struct why *why)
{
	const struct setting *s = setting_find(config_table, str_of(name));

	if (s != NULL && s->kind <= SETTING_CONNINFO &&
	    *(const char *const *)((const char *)c + s->offset) != NULL)
		return ERR_OK;
	return why_set(why, ERR_NOT_FOUND, "%s: %s is missing, and this program needs it",
		       c->file == NULL ? "settings" : c->file, name);
}

const char *
config_path(void)
{
	const char *path = getenv("DOORWARD_CONFIG");

	return path != NULL && path[0] != '\0' ? path : places_settings;
}
