/* What the overview and "how it is" say about the site, without a secret. */
#ifndef SITE_HEALTH_LIST_H
#define SITE_HEALTH_LIST_H

#include "admin/site/site_parts.h"
#include "page/phrases.h"
#include "store/admin/site.h"
#include "store/tidy/tidy.h"

#define HEALTH_LINES 12
#define HEALTH_FIELDS 7

/* One line: what it is about, whether it is well, and why. */
struct health_line {
	struct template_field fields[HEALTH_FIELDS];
	char first[SITE_NUMBER_SIZE], second[SITE_NUMBER_SIZE];
	struct counted_phrase ago;
	bool good;
};

struct health {
	struct health_line line[HEALTH_LINES];
	struct template_scope scopes[HEALTH_LINES];
	size_t n;
	int64_t now;
};

/* What the database knows about it. */
struct health_facts {
	struct site_figures figures;
	struct tidy_times upkeep;
};

enum err site_health_find(struct app *app, const struct visit *visit,
			  struct health_facts *facts, enum admin_refusal *refusal,
			  struct why *why);

/*
 * Look at these facts, at the files of keys and revocations and at the rules. `bad_only`:
 * keep the lines of what is not well.
 */
void site_health_look(const struct app *app, const struct health_facts *facts,
		      bool bad_only, struct health *health);

#endif
