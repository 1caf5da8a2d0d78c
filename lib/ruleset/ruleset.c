#include "ruleset/ruleset.h"

#include <stdio.h>
#include <string.h>

#include "access/urls.h"
#include "base/path.h"

static bool
names_login(const struct rules *rs)
{
	for (size_t i = 0; i < rs->n; i++)
		if (str_is(rs->rule[i].prefix, URL_LOGIN))
			return true;
	return false;
}

enum err
ruleset_read(const struct config *c, struct rules *rs, struct why *why)
{
	const char *slash = strrchr(c->file, '/');
	const char *file = slash == NULL ? c->file : slash + 1;
	char where[96];
	enum err e = ERR_OK;

	rules_init(rs);
	for (size_t i = 0; e == ERR_OK && i < c->rules.n; i++) {
		snprintf(where, sizeof(where), "%.64s:%u", file, c->rules.items[i].line);
		e = rules_add(rs, str_of(c->rules.items[i].text), where, why);
	}
	if (e == ERR_OK && !names_login(rs))
		e = rules_add(rs, STR(URL_LOGIN " open"), "built in", why);
	return e == ERR_OK ? rules_sort(rs, why) : e;
}

/* What follows public_url. False if `address` is not of this site. */
static bool
cut_origin(const struct config *c, struct str *address)
{
	struct str origin = str_of(c->public_url);

	if (address->n < origin.n ||
	    !str_eq_nocase(str_sub(*address, 0, origin.n), origin))
		return false;
	*address = str_sub(*address, origin.n, address->n - origin.n);
	if (address->n == 0)
		*address = STR("/");
	return address->p[0] == '/' || address->p[0] == '?' || address->p[0] == '#';
}

enum ruleset_place
ruleset_path(const struct config *c, struct str address, struct buf *path)
{
	const char *reason;

	if (!str_starts_with(address, STR("/")) && !cut_origin(c, &address))
		return RULESET_ELSEWHERE;
	address = str_cut(&address, '#');
	if (!str_starts_with(address, STR("/")))
		address = STR("/"); /* https://example.org?a=b */
	return path_canonical(address, path, &reason) ? RULESET_HERE : RULESET_UNCLEAR;
}

void
ruleset_login(struct identity *who, const struct str *roles, size_t n, enum acr acr,
	      int64_t auth_time)
{
	identity_init(who);
	who->kind = IDENTITY_LOGIN;
	who->roles = roles;
	who->n_roles = n;
	who->acr = str_of(acr_text(acr));
	who->auth_time = auth_time;
}

static bool
is_among(const struct str *words, size_t n, struct str word)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(words[i], word))
			return true;
	return false;
}

bool
ruleset_names_role(const struct rule *r, struct str role)
{
	return is_among(r->any_of, r->n_any_of, role) ||
	       is_among(r->all_of, r->n_all_of, role);
}
