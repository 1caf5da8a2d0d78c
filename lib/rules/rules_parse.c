/* Reads one rule: a path, followed by words in any order. */
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

/* RFC 6749, 3.3, without the comma, which separates scopes here. */
static bool
is_scope(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] <= ' ' || s.p[i] > '~' || strchr("\"\\,", s.p[i]) != NULL)
			return false;
	return s.n > 0 && s.n <= 64;
}

/*
 * Our own programs are no clients. A token with such a name that is not of our kind is
 * nobody's.
 */
static bool
is_client(struct str s)
{
	return is_scope(s) && !str_starts_with(s, STR(IDENTITY_LOGIN_ID));
}

static bool
contains(const struct str *list, size_t n, struct str s)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(list[i], s))
			return true;
	return false;
}

/*
 * "a,b,c": each has the right form, none occurs twice, at least one and at most `max`.
 */
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

struct rule_parsing {
	struct rule *rule;
	struct str rest;
	bool access_given, factor_given, phr_given;
};

/* `open`, `signed-in` and `refuse`: one of them, once. */
static bool
read_access(struct rule_parsing *p, enum rule_access access)
{
	if (p->access_given)
		return false;
	p->access_given = true;
	p->rule->access = access;
	return true;
}

static bool
read_open(struct rule_parsing *p)
{
	return read_access(p, RULE_OPEN);
}

static bool
read_signed_in(struct rule_parsing *p)
{
	return read_access(p, RULE_SIGNED_IN);
}

static bool
read_refuse(struct rule_parsing *p)
{
	return read_access(p, RULE_REFUSE);
}

static bool
read_any_of(struct rule_parsing *p)
{
	return read_list(next_word(&p->rest), is_role, p->rule->any_of, RULE_MAX_ROLES,
			 &p->rule->n_any_of);
}

static bool
read_all_of(struct rule_parsing *p)
{
	return read_list(next_word(&p->rest), is_role, p->rule->all_of, RULE_MAX_ROLES,
			 &p->rule->n_all_of);
}

static bool
read_login_within(struct rule_parsing *p)
{
	return read_seconds(next_word(&p->rest), &p->rule->login_within);
}

/* A passkey is a second factor, too: `factor` next to `phr` changes nothing. */
static bool
read_proved(struct rule_parsing *p, bool *given, enum acr proved)
{
	bool first = !*given;

	*given = true;
	if (p->rule->proved < proved)
		p->rule->proved = proved;
	return first;
}

static bool
read_factor(struct rule_parsing *p)
{
	return read_proved(p, &p->factor_given, ACR_2FA);
}

static bool
read_phr(struct rule_parsing *p)
{
	return read_proved(p, &p->phr_given, ACR_PHR);
}

static bool
read_scope(struct rule_parsing *p)
{
	return read_list(next_word(&p->rest), is_scope, p->rule->scopes, RULE_MAX_SCOPES,
			 &p->rule->n_scopes);
}

static bool
read_client(struct rule_parsing *p)
{
	return read_list(next_word(&p->rest), is_client, p->rule->clients,
			 RULE_MAX_CLIENTS, &p->rule->n_clients);
}

static bool
read_methods(struct rule_parsing *p)
{
	return read_list(next_word(&p->rest), is_method, p->rule->methods,
			 RULE_MAX_METHODS, &p->rule->n_methods);
}

static bool
read_api(struct rule_parsing *p)
{
	bool first = !p->rule->api;

	p->rule->api = true;
	return first;
}

static bool
read_basic(struct rule_parsing *p)
{
	bool first = !p->rule->basic;

	p->rule->basic = true;
	return first;
}

const struct rule_word rule_words[] = {
	{ "open", "", "for everyone", read_open },
	{ "signed-in", "", "for everyone who has signed in, and programs",
	  read_signed_in },
	{ "any-of", "ROLE,ROLE", "for those with one of the roles", read_any_of },
	{ "all-of", "ROLE,ROLE", "for those with all of the roles", read_all_of },
	{ "login-within", "TIME",
	  "only with a login, when the password was given that recently",
	  read_login_within },
	{ "factor", "",
	  "only with a login that was proved by two factors, or by a passkey",
	  read_factor },
	{ "phr", "", "only with a login that was proved by a passkey", read_phr },
	{ "scope", "SCOPE,SCOPE", "for clients too, with all of these scopes",
	  read_scope },
	{ "client", "CLIENT,CLIENT", "for clients too, if it is one of these",
	  read_client },
	{ "methods", "METHOD,METHOD", "the rule is for these request methods",
	  read_methods },
	{ "api", "", "never answer with a redirect to the login page", read_api },
	{ "basic", "",
	  "a program's token may also be the password of Basic (WebDAV, git)",
	  read_basic },
	{ "refuse", "", "for nobody", read_refuse },
	{ NULL, NULL, NULL, NULL },
};

static const struct rule_word *
find_word(struct str word)
{
	for (const struct rule_word *w = rule_words; w->word != NULL; w++)
		if (str_is(word, w->word))
			return w;
	return NULL;
}

static enum err
refuse_word(struct str word, bool known, const char *where, struct why *why)
{
	const char *near = text_nearest(word, rule_words, sizeof(*rule_words));
	struct str shown = str_sub(word, 0, 64);

	if (known)
		return why_set(
			why, ERR_SYNTAX,
			"%s: the rule's word \"%.*s\" is repeated or not followed "
			"by what it needs; `doorward rules words` says what that is",
			where, STR_ARG(shown));
	if (near != NULL)
		return why_set(
			why, ERR_SYNTAX,
			"%s: the rule's word \"%.*s\" is unknown; did you mean %s?",
			where, STR_ARG(shown), near);
	return why_set(why, ERR_SYNTAX, "%s: the rule's word \"%.*s\" is unknown", where,
		       STR_ARG(shown));
}

/* Check that the words make sense together. */
static const char *
access_contradiction(struct rule_parsing *p)
{
	struct rule *r = p->rule;
	bool roles = r->n_any_of > 0 || r->n_all_of > 0;
	bool clients = r->n_scopes > 0 || r->n_clients > 0;
	bool login = r->login_within > 0 || r->proved > ACR_NONE;
	bool asks = roles || clients || login;

	if (!p->access_given && !asks && !r->basic)
		return "it does not say who may: open, signed-in, refuse, any-of, "
		       "all-of, scope or client";
	if (p->access_given && r->access != RULE_SIGNED_IN && (asks || r->basic))
		return "open and refuse ask for nothing else";
	if (r->basic && login)
		return "a program's token, which basic takes, is no login, which "
		       "login-within, factor and phr ask for";
	if (r->basic && clients && !roles && !p->access_given)
		return "a program's token, which basic takes, is no client's: add "
		       "signed-in";
	if (clients && login)
		return "a client's token is no login, which login-within, factor and phr "
		       "ask for";
	if (!p->access_given)
		r->access = clients && !roles ? RULE_CLIENTS : RULE_SIGNED_IN;
	return NULL;
}

static enum err
read_words(struct rule *r, struct str words, const char *where, struct why *why)
{
	struct rule_parsing p = { .rule = r, .rest = words };
	const struct rule_word *known;
	const char *wrong;
	struct str word;

	while ((word = next_word(&p.rest)).n > 0) {
		known = find_word(word);
		if (known == NULL || !known->read(&p))
			return refuse_word(word, known != NULL, where, why);
	}
	if ((wrong = access_contradiction(&p)) != NULL)
		return why_set(why, ERR_SYNTAX, "%s: the rule cannot be kept: %s", where,
			       wrong);
	return ERR_OK;
}

/* Read the prefix in the same way as the paths that it will be compared with. */
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
