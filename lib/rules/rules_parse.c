/* Reading one rule: a path, then words that may stand in any order. */
#include "rules/rules.h"

#include "base/buf.h"
#include "base/path.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOGIN_WITHIN_MAX (366 * INT64_C(86400))

static bool
is_role_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || (c != '\0' && strchr("_-.:@", c) != NULL);
}

static bool
is_role(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!is_role_byte(s.p[i]))
			return false;
	return s.n > 0 && s.n <= 64;
}

static bool
is_method(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!(s.p[i] >= 'A' && s.p[i] <= 'Z') && s.p[i] != '-')
			return false;
	return s.n > 0 && s.n <= 32;
}

static bool
contains(const struct str *list, size_t n, struct str s)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(list[i], s))
			return true;
	return false;
}

/* "a,b,c": each of its form, none twice, at most `max`, at least one. */
static bool
read_list(struct str text, bool (*is_item)(struct str), struct str *list, size_t max,
	  size_t *n)
{
	if (*n != 0)
		return false;
	for (;;) {
		bool last = str_index(text, ',') == text.n;
		struct str item = str_cut(&text, ',');

		if (!is_item(item) || *n == max || contains(list, *n, item))
			return false;
		list[(*n)++] = item;
		if (last)
			return true;
	}
}

/* Once, and at least one second. */
static bool
read_seconds(struct str text, int64_t *seconds)
{
	return *seconds == 0 &&
	       text_duration(text, LOGIN_WITHIN_MAX, seconds) == ERR_OK && *seconds > 0;
}

/* The next word; empty at the end. */
static struct str
next_word(struct str *rest)
{
	size_t n = 0;
	struct str word;

	*rest = str_trim(*rest);
	while (n < rest->n && rest->p[n] != ' ' && rest->p[n] != '\t')
		n++;
	word = str_sub(*rest, 0, n);
	*rest = str_sub(*rest, n, rest->n);
	return word;
}

struct parsing {
	struct rule *rule;
	struct str rest;
	bool access_given;
};

/* `open`, `signed-in` and `refuse` stand alone: once, and without roles. */
static bool
read_access(struct parsing *p, enum rule_access access)
{
	if (p->access_given)
		return false;
	p->access_given = true;
	p->rule->access = access;
	return true;
}

static bool
read_word(struct parsing *p, struct str word)
{
	struct rule *r = p->rule;

	if (str_is(word, "open"))
		return read_access(p, RULE_OPEN);
	if (str_is(word, "signed-in"))
		return read_access(p, RULE_SIGNED_IN);
	if (str_is(word, "refuse"))
		return read_access(p, RULE_REFUSE);
	if (str_is(word, "any-of"))
		return read_list(next_word(&p->rest), is_role, r->any_of, RULE_MAX_ROLES,
				 &r->n_any_of);
	if (str_is(word, "all-of"))
		return read_list(next_word(&p->rest), is_role, r->all_of, RULE_MAX_ROLES,
				 &r->n_all_of);
	if (str_is(word, "methods"))
		return read_list(next_word(&p->rest), is_method, r->methods,
				 RULE_MAX_METHODS, &r->n_methods);
	if (str_is(word, "login-within"))
		return read_seconds(next_word(&p->rest), &r->login_within);
	if (str_is(word, "api")) {
		bool first = !r->api;

		r->api = true;
		return first;
	}
	return false;
}

/* What the words mean together. */
static const char *
access_contradiction(struct parsing *p)
{
	struct rule *r = p->rule;
	bool roles = r->n_any_of > 0 || r->n_all_of > 0;
	bool asks = roles || r->login_within > 0;

	if (!p->access_given && !asks)
		return "it does not say who may: open, signed-in, refuse, any-of or "
		       "all-of";
	if (p->access_given && r->access != RULE_SIGNED_IN && asks)
		return "open and refuse ask for nothing else";
	if (!p->access_given)
		r->access = RULE_SIGNED_IN;
	return NULL;
}

static enum err
read_words(struct rule *r, struct str words, const char *where, struct why *why)
{
	struct parsing p = { .rule = r, .rest = words };
	const char *wrong;
	struct str word;

	while ((word = next_word(&p.rest)).n > 0)
		if (!read_word(&p, word))
			return why_set(
				why, ERR_SYNTAX,
				"%s: the rule's word \"%.*s\" is unknown, repeated "
				"or not followed by what it needs",
				where, STR_ARG(str_sub(word, 0, 64)));
	if ((wrong = access_contradiction(&p)) != NULL)
		return why_set(why, ERR_SYNTAX, "%s: the rule cannot be kept: %s", where,
			       wrong);
	return ERR_OK;
}

/* The prefix by the same reading as the paths that it will be compared with. */
static enum err
read_prefix(struct rule *r, struct str word, const char *where, struct why *why)
{
	struct buf path;
	const char *reason = NULL;
	enum err e = ERR_OK;

	buf_init(&path, PATH_MAX_BYTES);
	if (str_index(word, '?') < word.n || str_index(word, '*') < word.n)
		reason = "a pattern, where a plain prefix is wanted";
	else
		path_canonical(word, &path, &reason);
	if (reason != NULL)
		e = why_set(why, ERR_SYNTAX,
			    "%s: a rule starts with a path like /members, and this path "
			    "is refused: %s",
			    where, reason);
	else if ((r->path = str_dup(buf_str(&path))) == NULL)
		e = why_set(why, ERR_MEMORY, "%s: no memory", where);
	r->prefix = str_of(r->path);
	if (str_ends_with(r->prefix, STR("/")))
		r->prefix.n--;
	buf_done(&path);
	return e;
}

static bool
is_plain_text(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != '\t' && str_control(s, i) > 0)
			return false;
	return str_is_utf8(s);
}

static enum err
copy_text(struct rule *r, struct str text, const char *where, struct why *why)
{
	memset(r, 0, sizeof(*r));
	if (text.n > RULE_MAX_BYTES)
		return why_set(why, ERR_LIMIT, "%s: the rule is too long", where);
	if (!is_plain_text(text))
		return why_set(why, ERR_SYNTAX,
			       "%s: the rule has a control byte or is not UTF-8", where);
	if ((r->text = str_dup(str_trim(text))) == NULL)
		return why_set(why, ERR_MEMORY, "%s: no memory", where);
	snprintf(r->where, sizeof(r->where), "%s", where);
	return ERR_OK;
}

enum err
rule_parse(struct str text, const char *where, struct rule *r, struct why *why)
{
	enum err e = copy_text(r, text, where, why);
	struct str rest = str_of(r->text);

	if (e != ERR_OK)
		goto out;
	if ((e = read_prefix(r, next_word(&rest), where, why)) != ERR_OK)
		goto out;
	e = read_words(r, rest, where, why);
out:
	if (e != ERR_OK)
		rule_done(r);
	return e;
}

enum err
rule_parse_extra(struct str text, const char *where, struct rule *r, struct why *why)
{
	enum err e = copy_text(r, text, where, why);

	if (e == ERR_OK)
		e = read_words(r, str_of(r->text), where, why);
	if (e == ERR_OK && (r->access == RULE_OPEN || r->n_methods > 0))
		e = why_set(why, ERR_SYNTAX,
			    "%s: open and methods belong in the settings file", where);
	if (e != ERR_OK)
		rule_done(r);
	return e;
}

void
rule_done(struct rule *r)
{
	if (r == NULL)
		return;
	free(r->text);
	free(r->path);
	memset(r, 0, sizeof(*r));
}
