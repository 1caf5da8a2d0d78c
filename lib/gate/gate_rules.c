/* The rules of the settings file as a power. */
#include <stdlib.h>

#include "gate/gate.h"
#include "ruleset/ruleset.h"

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
	if ((e = ruleset_read(app->config, rules, why)) == ERR_OK)
		*opened = rules;
	else
		power_close(rules);
	return e;
}

static enum err
power_check(const struct config *c, struct why *why)
{
	struct rules rules;
	enum err e = ruleset_read(c, &rules, why);

	rules_done(&rules);
	return e;
}

const struct power power_rules = { "rules", power_open, NULL, power_close, power_check };
