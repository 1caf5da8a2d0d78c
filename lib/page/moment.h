/*
 * A time on a page, in the page's language and in the site's time zone (setting
 * time_zone).
 */
#ifndef MOMENT_H
#define MOMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "template/template.h"

#define MOMENT_FIELDS 6

/* The names that a template finds within the time's section, and their values. */
struct moment {
	struct template_field fields[MOMENT_FIELDS];
	struct template_scope scope;
	char datetime[24]; /* "2026-11-23T14:05:00Z": <time datetime> */
	char day[4];
	char year[8];
	char clock[8]; /* "14:05" */
	char zone[16]; /* "CET" */
};

/*
 * The field `name` for `seconds`. Templates use it as {{#name}}{{>time}}{{/name}}. If
 * the time has no form, the section is not set. The field borrows `moment`.
 */
struct template_field moment_field(const char *name, int64_t seconds,
				   struct moment *moment);

/*
 * From now on show times in `zone`, or in UTC if it is NULL. False, and UTC, if the
 * system does not know the zone.
 */
bool moment_use_zone(const char *zone);

#endif
