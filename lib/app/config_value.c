#include "app/config_table.h"

#include <stdlib.h>
#include <string.h>

#define LIST_MAX 64
#define RULES_MAX 4096

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

/* ---- what a value must look like: NULL, or what was expected ---- */

static bool
is_host_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

static const char *
host_complaint(struct str host)
{
	if (host.n == 0 || host.n > 253)
		return "expected a host name of 1 to 253 characters";
	for (size_t i = 0; i < host.n; i++) {
		bool edge = i == 0 || i + 1 == host.n;

		if (host.p[i] >= 'A' && host.p[i] <= 'Z')
			return "write the host in lower case, as browsers do";
		if (!is_host_byte(host.p[i]))
			return "a character that no host name has (write xn--… for "
			       "others)";
		if (host.p[i] == '.' && (edge || host.p[i + 1] == '.'))
			return "a host name neither starts nor ends with a dot, and has "
			       "no two "
			       "in a row";
	}
	return NULL;
}

/* The address between the brackets; the resolver is not asked. */
static bool
is_ipv6_literal(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (strchr("0123456789abcdef:.", s.p[i]) == NULL)
			return false;
	return s.n >= 2;
}

static const char *
port_complaint(struct str port, bool https)
{
	int64_t n;

	if (!str_to_int(port, 1, 65535, &n))
		return "expected a port from 1 to 65535 after the colon";
	if (n == (https ? 443 : 80))
		return "leave out the port that the scheme implies, as browsers do";
	return NULL;
}

static const char *
authority_complaint(struct str s, bool https)
{
	const char *complaint;
	struct str port;

	if (str_index(s, '@') < s.n)
		return "leave out the user name";
	if (str_starts_with(s, STR("["))) {
		size_t end = str_index(s, ']');

		if (end == s.n || !is_ipv6_literal(str_sub(s, 1, end - 1)))
			return "expected an IPv6 address in lower case between brackets";
		port = str_sub(s, end + 1, s.n);
	} else {
		size_t colon = str_index(s, ':');

		if ((complaint = host_complaint(str_sub(s, 0, colon))) != NULL)
			return complaint;
		port = str_sub(s, colon, s.n);
	}
	if (port.n == 0)
		return NULL;
	if (port.p[0] != ':')
		return "expected a colon and a port after the host";
	return port_complaint(str_sub(port, 1, port.n), https);
}

/* The part after http:// or https://, or nothing when it has neither. */
static struct str
after_scheme(struct str s, bool *https)
{
	*https = str_starts_with(s, STR("https://"));
	if (*https)
		return str_sub(s, 8, s.n);
	return str_starts_with(s, STR("http://")) ? str_sub(s, 7, s.n) : STR("");
}

static const char *
origin_complaint(struct str s)
{
	bool https;
	struct str rest = after_scheme(s, &https);

	if (rest.n == 0)
		return "expected https:// or http:// and a host";
	for (size_t i = 0; i < rest.n; i++)
		if (strchr("/?#\\ ", rest.p[i]) != NULL)
			return "expected nothing after the host and port, not even a "
			       "slash";
	return authority_complaint(rest, https);
}

static const char *
url_complaint(struct str s)
{
	bool https;
	struct str rest = after_scheme(s, &https);

	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] <= ' ' || (unsigned char)s.p[i] >= 0x7f)
			return "a URL has no spaces and only ASCII characters";
	if (rest.n == 0)
		return "expected https:// or http:// and a host";
	return authority_complaint(str_cut(&rest, '/'), https);
}

static const char *
header_complaint(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		      (c >= '0' && c <= '9') || c == '-'))
			return "expected a header name of letters, digits and hyphens";
	}
	if (s.n > 64)
		return "expected a header name of at most 64 characters";
	if (str_eq_nocase(s, STR("cookie")) || str_eq_nocase(s, STR("authorization")))
		return "this header has a meaning of its own; choose another";
	return NULL;
}

/* ---- conninfo: libpq's keyword = value, quoted with ' where needed ---- */

static void
skip_blank(struct str *s)
{
	while (s->n > 0 && (s->p[0] == ' ' || s->p[0] == '\t'))
		*s = str_sub(*s, 1, s->n);
}

static bool
skip_conninfo_value(struct str *s)
{
	bool quoted = s->n > 0 && s->p[0] == '\'';
	size_t i = quoted ? 1 : 0;

	for (; i < s->n; i++) {
		if (s->p[i] == '\\')
			i++;
		else if (quoted ? s->p[i] == '\'' : s->p[i] == ' ' || s->p[i] == '\t')
			break;
	}
	if (i > s->n || (quoted && i == s->n))
		return false;
	*s = str_sub(*s, quoted ? i + 1 : i, s->n);
	return true;
}

static const char *
conninfo_complaint(struct str s)
{
	if (str_starts_with(s, STR("postgres://")) ||
	    str_starts_with(s, STR("postgresql://")))
		return "expected keyword=value words such as `host=/run/postgresql "
		       "dbname=site`, not a URL";
	for (skip_blank(&s); s.n > 0; skip_blank(&s)) {
		size_t equals = str_index(s, '=');
		struct str keyword = str_trim(str_sub(s, 0, equals));

		if (equals == s.n || keyword.n == 0 ||
		    str_index(keyword, ' ') < keyword.n)
			return "expected keyword=value words separated by spaces";
		if (str_is(keyword, "password") || str_is(keyword, "sslpassword"))
			return "a password does not belong into this file; name a file "
			       "with passfile=";
		s = str_sub(s, equals + 1, s.n);
		skip_blank(&s);
		if (!skip_conninfo_value(&s))
			return "a quote or backslash that is not finished";
	}
	return NULL;
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

	if (list->n == LIST_MAX)
		return why_set(why, ERR_LIMIT, "more than %d words", LIST_MAX);
	if (list->items == NULL)
		list->items = calloc(LIST_MAX, sizeof(*list->items));
	if (list->items == NULL || (copy = str_dup(word)) == NULL)
		return why_set(why, ERR_MEMORY, "%s", err_text(ERR_MEMORY));
	list->items[list->n++] = copy;
	return ERR_OK;
}

static enum err
set_list(struct config_list *list, struct str value, bool origins, struct why *why)
{
	struct config_list made = { 0 };
	enum err e = ERR_OK;

	while (e == ERR_OK && (skip_blank(&value), value.n > 0)) {
		struct str word;
		const char *complaint;
		size_t n = 0;

		while (n < value.n && value.p[n] != ' ' && value.p[n] != '\t')
			n++;
		word = str_sub(value, 0, n);
		value = str_sub(value, n, value.n);
		complaint = origins ? origin_complaint(word) : NULL;
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

/* A number and a unit of one letter; *unit is what one of it stands for. */
static struct str
cut_unit(struct str value, const char *letters, const int64_t *factors, int64_t *unit)
{
	const char *at = value.n > 1 ? strchr(letters, value.p[value.n - 1]) : NULL;

	*unit = at == NULL ? 1 : factors[at - letters];
	return at == NULL ? value : str_sub(value, 0, value.n - 1);
}

static enum err
set_number(const struct setting *s, int64_t *number, struct str value, struct why *why)
{
	static const int64_t seconds[] = { 1, 60, 3600, 86400 };
	static const int64_t bytes[] = { 1024, 1024 * 1024, 1024 * 1024 * 1024 };
	const char *form = "a number";
	int64_t n, unit = 1;

	if (s->kind == SETTING_DURATION) {
		form = "seconds or a number with s, m, h or d";
		value = cut_unit(value, "smhd", seconds, &unit);
	} else if (s->kind == SETTING_SIZE) {
		form = "bytes or a number with k, M or G";
		value = cut_unit(value, "kMG", bytes, &unit);
	}
	if (!str_to_int(value, 0, INT64_MAX, &n))
		return why_set(why, ERR_SYNTAX, "expected %s", form);
	if (__builtin_mul_overflow(n, unit, &n) || n < s->min || n > s->max)
		return why_set(why, ERR_LIMIT, "expected %lld to %lld%s",
			       (long long)s->min, (long long)s->max,
			       s->kind == SETTING_DURATION ? " seconds"
			       : s->kind == SETTING_SIZE   ? " bytes"
							   : "");
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

static const char *
complaint_of(enum setting_kind kind, struct str value)
{
	switch (kind) {
	case SETTING_ORIGIN:
		return origin_complaint(value);
	case SETTING_URL:
		return url_complaint(value);
	case SETTING_HOST:
		return host_complaint(value);
	case SETTING_HEADER:
		return header_complaint(value);
	case SETTING_CONNINFO:
		return conninfo_complaint(value);
	default:
		return NULL;
	}
}

enum err
setting_set(const struct setting *s, void *base, struct str value, const char *directory,
	    unsigned line, struct why *why)
{
	const char *complaint;

	if (value.n == 0 && s->kind != SETTING_LIST && s->kind != SETTING_ORIGINS)
		return why_set(why, ERR_SYNTAX, "a value is missing");
	complaint = complaint_of(s->kind, value);
	if (complaint != NULL)
		return why_set(why, ERR_SYNTAX, "%s", complaint);
	switch (s->kind) {
	case SETTING_TEXT:
	case SETTING_ORIGIN:
	case SETTING_URL:
	case SETTING_HOST:
	case SETTING_HEADER:
	case SETTING_CONNINFO:
		return set_string(member(s, base), value, why);
	case SETTING_PATH:
		if (s->standard != NULL && str_is(value, s->standard))
			return ERR_OK; /* a word of its own, such as stderr: NULL */
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
		return set_list(member(s, base), value, s->kind == SETTING_ORIGINS, why);
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
		} else if (s->kind == SETTING_LIST || s->kind == SETTING_ORIGINS) {
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
		return show_list(m, out);
	case SETTING_RULE:
		return buf_addf(out, "%zu lines", ((const struct config_rules *)m)->n);
	default:
		break;
	}
	if (*(const char *const *)m == NULL)
		return buf_addz(out, s->standard == NULL ? "" : s->standard);
	return buf_addz(out, *(const char *const *)m);
}
