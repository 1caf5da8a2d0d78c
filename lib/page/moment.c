#include "page/moment.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/file.h"

#define ZONES "/usr/share/zoneinfo"
#define ZONE_FILE_MAX 65536

static const char *const months[] = {
	"time.january",   "time.february", "time.march",    "time.april",
	"time.may",       "time.june",     "time.july",     "time.august",
	"time.september", "time.october",  "time.november", "time.december",
};

static struct template_field
text(const char *name, const char *value)
{
	return (struct template_field){ name, TEMPLATE_TEXT, .text = str_of(value) };
}

static struct template_field
phrase(const char *name, const char *key)
{
	return (struct template_field){ name, TEMPLATE_PHRASE, .text = str_of(key) };
}

/* False if the time has no such form. */
static bool
fill(struct moment *m, int64_t seconds, int *month)
{
	time_t t = (time_t)seconds;
	struct tm utc, here;

	if (gmtime_r(&t, &utc) == NULL || localtime_r(&t, &here) == NULL)
		return false;
	*month = here.tm_mon;
	return strftime(m->datetime, sizeof(m->datetime), "%Y-%m-%dT%H:%M:%SZ", &utc) >
		       0 &&
	       strftime(m->day, sizeof(m->day), "%-d", &here) > 0 &&
	       strftime(m->year, sizeof(m->year), "%Y", &here) > 0 &&
	       strftime(m->clock, sizeof(m->clock), "%H:%M", &here) > 0 &&
	       strftime(m->zone, sizeof(m->zone), "%Z", &here) > 0;
}

struct template_field
moment_field(const char *name, int64_t seconds, struct moment *m)
{
	struct template_field *f = m->fields;
	int month = 0;

	if (!fill(m, seconds, &month) || month < 0 || month > 11)
		return (struct template_field){ name, TEMPLATE_LIST };
	*f++ = text("datetime", m->datetime);
	*f++ = strcmp(m->day, "1") == 0 ? phrase("day", "time.first")
					: text("day", m->day);
	*f++ = phrase("month", months[month]);
	*f++ = text("year", m->year);
	*f++ = text("clock", m->clock);
	*f++ = text("zone", m->zone);
	m->scope = (struct template_scope){ m->fields, MOMENT_FIELDS };
	return (struct template_field){ name, TEMPLATE_LIST, .items = &m->scope,
					.n_items = 1 };
}

/* Is it a file of the tz database (RFC 8536)? */
static bool
is_known(const char *zone)
{
	char path[128];
	struct why why;
	struct buf file;
	int n = snprintf(path, sizeof(path), ZONES "/%s", zone);
	bool known;

	buf_init(&file, ZONE_FILE_MAX);
	known = n > 0 && (size_t)n < sizeof(path) &&
		file_read(path, ZONE_FILE_MAX, &file, NULL, &why) == ERR_OK &&
		str_starts_with(buf_str(&file), STR("TZif"));
	buf_done(&file);
	return known;
}

bool
moment_use_zone(const char *zone)
{
	bool utc = zone == NULL || strcmp(zone, "UTC") == 0;
	bool known = utc || is_known(zone);

	setenv("TZ", utc || !known ? "UTC0" : zone, 1);
	tzset();
	return known;
}
