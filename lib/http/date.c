#include "http/date.h"

#include <string.h>
#include <time.h>

void
date_write(int64_t seconds, char text[DATE_SIZE])
{
	time_t t = (time_t)seconds;
	struct tm tm;

	text[0] = '\0';
	if (gmtime_r(&t, &tm) != NULL)
		strftime(text, DATE_SIZE, "%a, %d %b %Y %H:%M:%S GMT", &tm);
}

/* A two-digit year more than 50 years in the future belongs to the past century. */
static void
fix_century(struct tm *tm)
{
	time_t now = time(NULL);
	struct tm today;

	if (gmtime_r(&now, &today) == NULL)
		return;
	tm->tm_year = today.tm_year / 100 * 100 + tm->tm_year % 100;
	if (tm->tm_year > today.tm_year + 50)
		tm->tm_year -= 100;
}

bool
date_read(struct str text, int64_t *seconds)
{
	static const char *const forms[] = { "%a, %d %b %Y %H:%M:%S GMT",
					     "%A, %d-%b-%y %H:%M:%S GMT",
					     "%a %b %d %H:%M:%S %Y" };
	char z[64];

	if (text.n >= sizeof(z) || text.n == 0 || memchr(text.p, '\0', text.n) != NULL)
		return false;
	memcpy(z, text.p, text.n);
	z[text.n] = '\0';
	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		struct tm tm = { 0 };
		const char *end = strptime(z, forms[i], &tm);

		if (end == NULL || *end != '\0')
			continue;
		if (i == 1)
			fix_century(&tm);
		*seconds = (int64_t)timegm(&tm);
		return true;
	}
	return false;
}
