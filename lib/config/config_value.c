#include "config/config_table.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

#define RULES_MAX 10000

static void *
member(const struct setting *s, void *base)
{
	return (char *)base + s->offset;
}

static const void *
member_of(const struct setting *s, const void *base)
{
	return (const char *)base + s->offset;
}

/* ---- setting the members ---- */

static enum err
set_string(const char **z, struct str value, struct why *why)
{
	char *copy = str_dup(value);

	if (copy == NULL)
		return why_set(why, ERR_MEMORY, "%s", err_text(ERR_MEMORY));
	free((void *)(uintptr_t)*z);
	*z = copy;
	return ERR_OK;
}

static enum err
set_path(const char **z, struct str value, const char *directory, struct why *why)
{
	struct buf b;
	enum err e;

	buf_init(&b, CONFIG_LINE_MAX * 2);
	if (value.p[0] != '/') {
		buf_addz(&b, directory);
		buf_addc(&b, '/');
	}
	buf_add(&b, value);
	e = b.failed ? why_set(why, ERR_LIMIT, "the path is too long")
		     : set_string(z, buf_str(&b), why);
	buf_done(&b);
	return e;
}

static bool
is_list(enum setting_kind kind)
{
	return kind == SETTING_LIST || kind == SETTING_ORIGINS ||
	       kind == SETTING_NETWORKS;
}

static void
free_list(struct config_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		free((void *)(uintptr_t)list->items[i]);
	free(list->items);
	*list = (struct config_list){ 0 };
}

static enum err
list_add(struct config_list *list, struct str word, struct why *why)
{
	char *copy;

	if (list->n == CONFIG_LIST_MAX)
		return why_set(why, ERR_LIMIT, "more than %d words", CONFIG_LIST_MAX);
	if (list->items == NULL)
		list->items = calloc(CONFIG_LIST_MAX, sizeof(*list->items));
	if (list->items == NULL || (copy = str_dup(word)) == NULL)
		return why_set(why, ERR_MEMORY, "%s", err_text(ERR_MEMORY));
	list->items[list->n++] = copy;
	return ERR_OK;
}

static enum err
set_list(struct config_list *list, enum setting_kind kind, struct str value,
	 struct why *why)
{
	struct config_list made = { 0 };
	enum err e = ERR_OK;

	for (value = str_trim(value); e == ERR_OK && value.n > 0;
	     value = str_trim(value)) {
		struct str word;
		const char *complaint;
		size_t n = 0;

		while (n < value.n && value.p[n] != ' ' && value.p[n] != '\t')
			n++;
		word = str_sub(value, 0, n);
		value = str_sub(value, n, value.n);
		complaint = setting_complaint(kind, word);
		e = complaint != NULL ? why_set(why, ERR_SYNTAX, "%s", complaint)
				      : list_add(&made, word, why);
	}
	if (e != ERR_OK) {
		free_list(&made);
		return e;
	}
	free_list(list);
	*list = made;
	return ERR_OK;
}

static enum err
rule_add(struct config_rules *rules, struct str text, unsigned line, struct why *why)
{
	struct config_rule *more;
	char *copy;

	if (rules->n == RULES_MAX)
		return why_set(why, ERR_LIMIT, "more than %d rules", RULES_MAX);
	more = reallocarray(rules->items, rules->n + 1, sizeof(*more));
	if (more == NULL || (rules->items = more, copy = str_dup(text)) == NULL)
		return why_set(why, ERR_MEMORY, "%s", err_text(ERR_MEMORY));
	rules->items[rules->n++] = (struct config_rule){ copy, line };
	return ERR_OK;
}

static enum err
set_choice(const struct setting *s, int *choice, struct str value, struct why *why)
{
	struct str words = str_of(s->words);

	for (int i = 0; words.n > 0; i++)
		if (str_eq(str_cut(&words, ' '), value)) {
			*choice = i;
			return ERR_OK;
		}
	return why_set(why, ERR_SYNTAX, "expected one of: %s", s->words);
}

static enum err
read_size(struct str value, int64_t *bytes)
{
	static const char letters[] = "kMG";
	static const int64_t units[] = { 1024, 1024 * 1024, 1024 * 1024 * 1024 };
	const char *letter = NULL;
	int64_t unit = 1;

	if (value.n > 1 && value.p[value.n - 1] != '\0')
		letter = strchr(letters, value.p[value.n - 1]);
	if (letter != NULL) {
		unit = units[letter - letters];
		value.n--;
	}
	if (!str_to_int(value, 0, INT64_MAX, bytes))
		return ERR_SYNTAX;
	return __builtin_mul_overflow(*bytes, unit, bytes) ? ERR_LIMIT : ERR_OK;
}

static enum err
set_number(const struct setting *s, int64_t *number, struct str value, struct why *why)
{
	const char *form = "a number", *unit = "";
	int64_t n = 0;
	enum err e;

	if (s->kind == SETTING_DURATION) {
		form = "seconds or a number with s, m, h or d";
		unit = " seconds";
		e = text_duration(value, s->max, &n);
	} else if (s->kind == SETTING_SIZE) {
		form = "bytes or a number with k, M or G";
		unit = " bytes";
		e = read_size(value, &n);
	} else {
		e = str_to_int(value, 0, INT64_MAX, &n) ? ERR_OK : ERR_SYNTAX;
	}
	if (e == ERR_SYNTAX)
		return why_set(why, ERR_SYNTAX, "expected %s", form);
	if (e != ERR_OK || n < s->min || n > s->max)
		return why_set(why, ERR_LIMIT, "expected %lld to %lld%s",
			       (long long)s->min, (long long)s->max, unit);
	*number = n;
	return ERR_OK;
}

static enum err
set_bool(bool *flag, struct str value, struct why *why)
{
	if (!str_is(value, "on") && !str_is(value, "off"))
		return why_set(why, ERR_SYNTAX, "expected on or off");
	*flag = str_is(value, "on");
	return ERR_OK;
}

enum err
setting_set(const struct setting *s, void *base, struct str value, const char *directory,
	    unsigned line, struct why *why)
{
	const char *complaint;

	if (value.n == 0 && !is_list(s->kind))
		return why_set(why, ERR_SYNTAX, "a value is missing");
	complaint = is_list(s->kind) ? NULL : setting_complaint(s->kind, value);
	if (complaint != NULL)
		return why_set(why, ERR_SYNTAX, "%s", complaint);
	switch (s->kind) {
	case SETTING_TEXT:
	case SETTING_ORIGIN:
	case SETTING_URL:
	case SETTING_HOST:
	case SETTING_HEADER:
	case SETTING_COLOUR:
	case SETTING_LINK:
	case SETTING_ZONE:
	case SETTING_DATE:
	case SETTING_CONNINFO:
		return set_string(member(s, base), value, why);
	case SETTING_PATH:
		if (value.p[0] == '"' || value.p[0] == '\'')
			return why_set(why, ERR_SYNTAX,
				       "expected a path without quotes around it");
		if (s->default_text != NULL && s->default_text[0] != '/' &&
		    str_is(value, s->default_text))
			return ERR_OK; /* a special word like stderr: NULL */
		return set_path(member(s, base), value, directory, why);
	case SETTING_BOOL:
		return set_bool(member(s, base), value, why);
	case SETTING_INTEGER:
	case SETTING_DURATION:
	case SETTING_SIZE:
		return set_number(s, member(s, base), value, why);
	case SETTING_CHOICE:
		return set_choice(s, member(s, base), value, why);
	case SETTING_LIST:
	case SETTING_ORIGINS:
	case SETTING_NETWORKS:
		return set_list(member(s, base), s->kind, value, why);
	case SETTING_RULE:
		return rule_add(member(s, base), value, line, why);
	}
	return ERR_SYNTAX;
}

/* ---- freeing and showing ---- */

static void
free_rules(struct config_rules *rules)
{
	for (size_t i = 0; i < rules->n; i++)
		free((void *)(uintptr_t)rules->items[i].text);
	free(rules->items);
	*rules = (struct config_rules){ 0 };
}

static bool
is_string(enum setting_kind kind)
{
	return kind <= SETTING_CONNINFO;
}

void
setting_free_all(const struct setting *table, void *base)
{
	for (const struct setting *s = table; s->name != NULL; s++) {
		if (is_string(s->kind)) {
			const char **z = member(s, base);

			free((void *)(uintptr_t)*z);
			*z = NULL;
		} else if (is_list(s->kind)) {
			free_list(member(s, base));
		} else if (s->kind == SETTING_RULE) {
			free_rules(member(s, base));
		}
	}
}

static bool
show_list(const struct config_list *list, struct buf *out)
{
	for (size_t i = 0; i < list->n; i++)
		buf_addf(out, "%s%s", i == 0 ? "" : " ", list->items[i]);
	return !out->failed;
}

static bool
show_choice(const struct setting *s, int choice, struct buf *out)
{
	struct str words = str_of(s->words);

	for (; choice > 0; choice--)
		str_cut(&words, ' ');
	return buf_add(out, str_cut(&words, ' '));
}

bool
setting_show(const struct setting *s, const void *base, struct buf *out)
{
	const void *m = member_of(s, base);

	switch (s->kind) {
	case SETTING_BOOL:
		return buf_addz(out, *(const bool *)m ? "on" : "off");
	case SETTING_INTEGER:
	case SETTING_DURATION:
	case SETTING_SIZE:
		return buf_addf(out, "%lld", (long long)*(const int64_t *)m);
	case SETTING_CHOICE:
		return show_choice(s, *(const int *)m, out);
	case SETTING_LIST:
	case SETTING_ORIGINS:
	case SETTING_NETWORKS:
		return show_list(m, out);
	case SETTING_RULE:
		return buf_addf(out, "%zu lines", ((const struct config_rules *)m)->n);
	default:
		break;
	}
	if (*(const char *const *)m == NULL)
		return buf_addz(out, s->default_text == NULL ? "" : s->default_text);
	return buf_addz(out, *(const char *const *)m);
}
