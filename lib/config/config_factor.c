#include "config/config_factor.h"

#include <time.h>

bool
config_day(struct str day, int64_t *start)
{
	static const char form[] = "dddd-dd-dd";
	char text[sizeof(form)] = "";
	struct tm tm = { 0 };
	int mday;

	if (day.n != sizeof(form) - 1)
		return false;
	for (size_t i = 0; i < day.n; i++) {
		bool digit = day.p[i] >= '0' && day.p[i] <= '9';

		if (form[i] == 'd' ? !digit : day.p[i] != form[i])
			return false;
		text[i] = day.p[i];
	}
	if (strptime(text, "%Y-%m-%d", &tm) == NULL)
		return false;
	mday = tm.tm_mday;
	*start = timegm(&tm);
	return tm.tm_mday == mday; /* 31 February would be in March */
}

size_t
config_factor_need(const struct config *c, int64_t now, struct str words[CONFIG_LIST_MAX])
{
	int64_t from = 0;

	if (c->factor_required_from != NULL &&
	    (!config_day(str_of(c->factor_required_from), &from) || now < from))
		return 0;
	for (size_t i = 0; i < c->factor_required.n; i++)
		words[i] = str_of(c->factor_required.items[i]);
	return c->factor_required.n;
}
