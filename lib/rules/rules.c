/* The rules in order, and the decision. */
#include "rules/rules.h"

#include <stdlib.h>
#include <string.h>

void
rules_init(struct rules *rs)
{
	memset(rs, 0, sizeof(*rs));
}

void
rules_done(struct rules *rs)
{
	if (rs == NULL)
		return;
	for (size_t i = 0; i < rs->n; i++)
		rule_done(&rs->rule[i]);
	free(rs->rule);
	rules_init(rs);
}

static bool
grow(struct rules *rs)
{
	size_t size = rs->size == 0 ? 8 : rs->size * 2;
	struct rule *p;

	if (rs->n < rs->size)
		return true;
	if ((p = reallocarray(rs->rule, size, sizeof(*p))) == NULL)
		return false;
	rs->rule = p;
	rs->size = size;
	return true;
}

enum err
rules_add(struct rules *rs, struct str text, const char *where, struct why *why)
{
	enum err e;

	if (rs->n == RULES_MAX)
		return why_set(why, ERR_LIMIT, "%s: more than %d rules", where,
			       RULES_MAX);
	if (!grow(rs))
		return why_set(why, ERR_MEMORY, "%s: no memory", where);
	if ((e = rule_parse(text, where, &rs->rule[rs->n], why)) != ERR_OK)
		return e;
	if (rs->rule[rs->n].prefix.n > rs->longest)
		rs->longest = rs->rule[rs->n].prefix.n;
	rs->n++;
	rs->sorted = false;
	return ERR_OK;
}

/* ---- order: by the prefix, first without regard to case, then exactly ---- */

static unsigned char
fold(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static int
compare_folded(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;

	for (size_t i = 0; i < n; i++)
		if (fold(a.p[i]) != fold(b.p[i]))
			return fold(a.p[i]) < fold(b.p[i]) ? -1 : 1;
	return a.n == b.n ? 0 : a.n < b.n ? -1 : 1;
}

static int
compare_rules(const void *a, const void *b)
{
	struct str x = ((const struct rule *)a)->prefix;
	struct str y = ((const struct rule *)b)->prefix;
	int c = compare_folded(x, y);

	return c != 0 || x.n == 0 ? c : memcmp(x.p, y.p, x.n);
}

static bool
names_method(const struct rule *r, struct str method)
{
	for (size_t i = 0; i < r->n_methods; i++)
		if (str_eq(r->methods[i], method) ||
		    (str_is(method, "HEAD") && str_is(r->methods[i], "GET")))
			return true;
	return false;
}

static bool
conflict(const struct rule *a, const struct rule *b)
{
	if (!str_eq(a->prefix, b->prefix))
		return false;
	for (size_t i = 0; i < b->n_methods; i++)
		if (names_method(a, b->methods[i]))
			return true;
	for (size_t i = 0; i < a->n_methods; i++)
		if (names_method(b, a->methods[i]))
			return true;
	return a->n_methods == 0 && b->n_methods == 0;
}

enum err
rules_sort(struct rules *rs, struct why *why)
{
	if (rs->n > 0)
		qsort(rs->rule, rs->n, sizeof(*rs->rule), compare_rules);
	for (size_t i = 0; i < rs->n; i++)
		for (size_t j = i + 1;
		     j < rs->n && str_eq(rs->rule[i].prefix, rs->rule[j].prefix); j++)
			if (conflict(&rs->rule[i], &rs->rule[j]))
				return why_set(
					why, ERR_EXISTS,
					"%s and %s: two rules for one path and method; "
					"take one of them out",
					rs->rule[i].where, rs->rule[j].where);
	rs->sorted = true;
	return ERR_OK;
}

/* ---- look-up ---- */

/* All rules whose prefix equals `prefix` except for case: [first, end). */
static void
find_group(const struct rules *rs, struct str prefix, size_t *first, size_t *end)
{
	size_t low = 0, high = rs->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_folded(rs->rule[middle].prefix, prefix) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (*first = *end = low; *end < rs->n; (*end)++)
		if (compare_folded(rs->rule[*end].prefix, prefix) != 0)
			break;
}

/* The next shorter prefix of whole segments. False after the empty one. */
static bool
shorten(struct str *path)
{
	if (path->n == 0)
		return false;
	while (path->p[--path->n] != '/')
		;
	return true;
}

/* ---- decision ---- */

/* A rule that names no scope and no client is not meant for clients. */
static bool
names_client(const struct rule *r, const struct identity *who)
{
	bool any = r->n_clients == 0;

	if (r->n_scopes + r->n_clients == 0)
		return false;
	for (size_t i = 0; i < r->n_clients; i++)
		any = any || str_eq(r->clients[i], who->client);
	for (size_t i = 0; i < r->n_scopes; i++)
		if (!identity_has_scope(who, r->scopes[i]))
			return false;
	return any;
}

static bool
takes_kind(const struct rule *r, const struct identity *who)
{
	if (who->kind == IDENTITY_CLIENT)
		return names_client(r, who);
	return r->access == RULE_SIGNED_IN && identity_is_signed_in(who);
}

static bool
is_entitled(const struct rule *r, const struct identity *who)
{
	bool any = r->n_any_of == 0;

	for (size_t i = 0; i < r->n_any_of; i++)
		any = any || identity_has_role(who, r->any_of[i]);
	for (size_t i = 0; i < r->n_all_of; i++)
		if (!identity_has_role(who, r->all_of[i]))
			return false;
	return any;
}

/* The time of the login matters only for logins. */
static bool
is_recent(const struct identity *who, int64_t within, int64_t now)
{
	return who->kind == IDENTITY_LOGIN && who->auth_time <= now &&
	       now - who->auth_time <= within;
}

static enum rules_answer
ask(const struct rule *r, const struct rules_question *q)
{
	if (r->access == RULE_OPEN)
		return RULES_ALLOW;
	if (r->access != RULE_SIGNED_IN && r->access != RULE_CLIENTS)
		return RULES_REFUSED;
	if (q->who == NULL || (q->who->by_basic && !r->basic))
		return RULES_SIGN_IN;
	if (!takes_kind(r, q->who))
		return RULES_OTHER_TOKEN;
	if (!is_entitled(r, q->who))
		return RULES_NOT_ENTITLED;
	if (r->login_within > 0 && !is_recent(q->who, r->login_within, q->now))
		return RULES_SIGN_IN_AGAIN;
	if (r->proved > ACR_NONE && !identity_has_proved(q->who, r->proved))
		return r->proved == ACR_PHR ? RULES_WANTS_PHR : RULES_WANTS_FACTOR;
	return RULES_ALLOW;
}

/* Add the answer of one more rule. The hardest refusal wins. */
static void
apply_rule(struct rules_verdict *v, const struct rule *r, enum rules_answer answer)
{
	if (r != NULL && r->access != RULE_OPEN)
		v->open = false;
	if (r != NULL)
		v->api = v->api || r->api;
	if (answer < v->answer || v->rule == NULL) {
		v->answer = answer < v->answer ? answer : v->answer;
		v->rule = r;
	}
}

/* Ask the rules [first, end), which have the same prefix. One of them decides. */
static void
ask_same_prefix(const struct rule *first, const struct rule *end,
		const struct rules_question *q, struct rules_verdict *v)
{
	const struct rule *other = NULL;

	for (const struct rule *r = first; r < end; r++) {
		if (names_method(r, q->method)) {
			apply_rule(v, r, ask(r, q));
			return;
		}
		if (r->n_methods == 0)
			other = r;
	}
	if (other != NULL)
		apply_rule(v, other, ask(other, q));
	else
		apply_rule(v, first, RULES_METHOD);
}

/*
 * Ask the rules of `prefix`, in any case. True if one has exactly this prefix; only
 * such rules were asked then. `any`: there was a rule at all.
 */
static bool
ask_prefix(const struct rules *rs, struct str prefix, bool folded_too,
	   const struct rules_question *q, struct rules_verdict *v, bool *any)
{
	size_t first, end;

	find_group(rs, prefix, &first, &end);
	*any = first < end;
	for (size_t i = first, j; i < end; i = j) {
		for (j = i; j < end; j++)
			if (!str_eq(rs->rule[i].prefix, rs->rule[j].prefix))
				break;
		if (str_eq(rs->rule[i].prefix, prefix)) {
			ask_same_prefix(rs->rule + i, rs->rule + j, q, v);
			return true;
		}
	}
	for (size_t i = first, j; folded_too && i < end; i = j) {
		for (j = i; j < end; j++)
			if (!str_eq(rs->rule[i].prefix, rs->rule[j].prefix))
				break;
		ask_same_prefix(rs->rule + i, rs->rule + j, q, v);
	}
	return false;
}

void
rules_decide(const struct rules *rs, const struct rule *extra,
	     const struct rules_question *q, struct rules_verdict *v)
{
	static const struct rule standard = { .access = RULE_SIGNED_IN };
	struct str prefix = q->path;
	bool folded_too = true, exact = false, any;

	*v = (struct rules_verdict){ .answer = RULES_REFUSED };
	if (!rs->sorted || q->path.n == 0 || q->path.p[0] != '/')
		return;
	*v = (struct rules_verdict){ .answer = RULES_ALLOW, .open = true };
	if (str_ends_with(prefix, STR("/")))
		prefix.n--;
	do {
		if (prefix.n > rs->longest)
			continue;
		exact = ask_prefix(rs, prefix, folded_too, q, v, &any);
		folded_too = folded_too && !any;
	} while (!exact && shorten(&prefix));
	if (!exact) {
		v->open = false;
		apply_rule(v, NULL, ask(&standard, q));
	}
	if (extra != NULL)
		apply_rule(v, extra, ask(extra, q));
}

const char *
rules_answer_text(enum rules_answer a)
{
	static const char *const text[] = {
		[RULES_REFUSED] = "nobody may",
		[RULES_METHOD] = "not with this method",
		[RULES_SIGN_IN] = "sign in first",
		[RULES_OTHER_TOKEN] = "not with a token of this kind, client or scope",
		[RULES_NOT_ENTITLED] = "a role is missing",
		[RULES_SIGN_IN_AGAIN] = "the login is too old: sign in again",
		[RULES_WANTS_PHR] = "a passkey is missing: prove one",
		[RULES_WANTS_FACTOR] = "a second factor is missing: prove one",
		[RULES_ALLOW] = "allowed",
	};

	return text[a];
}
