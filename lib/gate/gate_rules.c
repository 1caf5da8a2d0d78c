/* The rules of the settings file as a power. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "access/urls.h"
#include "gate/gate.h"

static bool
names_login(const struct rules *rs)
{
	for (size_t i = 0; i < rs->n; i++)
		if (str_is(rs->rule[i].prefix, URL_LOGIN))
			return true;
	return false;
}

enum err
gate_rules(const struct config *c, struct rules *rs, struct why *why)
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

static void
power_close(void *opened)
{
	rules_done(opened);
	free(opened);
}

static enum err
power_open(const struct app *app, void **opened, struct why *why)
{
	struct rules *rules = calloc(1, sizeof(*rules));
	enum err e;

	if (rules == NULL)
		return why_set(why, ERR_MEMORY, "no memory");
	if ((e = gate_rules(app->config, rules, why)) == ERR_OK)
		*opened = rules;
	else
		power_close(rules);
	return e;
}

static enum err
power_check(const struct config *c, struct why *why)
{
	struct rules rules;
	enum err e = gate_rules(c, &rules, why);

	rules_done(&rules);
	return e;
}

const struct power power_rules = { "rules", power_open, NULL, power_close, power_check };
