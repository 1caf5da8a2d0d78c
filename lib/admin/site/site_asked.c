#include "admin/site/site_asked.h"

#include <time.h>

#define EVENT_MAX 64 /* bytes of the name of an event */
#define DAY 86400

/* The digits of `form` ("0000-00-00T00:00": a 0 for each digit) as numbers. */
static bool
read_numbers(struct str text, const char *form, int numbers[5])
{
	size_t n = 0;

	if (text.n != str_of(form).n)
		return false;
	numbers[0] = 0;
	for (size_t i = 0; i < text.n; i++) {
		if (form[i] != '0' && text.p[i] != form[i])
			return false;
		if (form[i] != '0') {
			numbers[++n] = 0;
			continue;
		}
		if (text.p[i] < '0' || text.p[i] > '9')
			return false;
		numbers[n] = numbers[n] * 10 + (text.p[i] - '0');
	}
	return true;
}

bool
site_asked_time(struct str text, bool day_after, int64_t *at)
{
	int n[5] = { 0 };
	bool has_time = read_numbers(text, "0000-00-00T00:00", n);
	struct tm tm, back;
	time_t t;

	if (!has_time && !read_numbers(text, "0000-00-00", n))
		return false;
	if (!has_time)
		n[3] = n[4] = 0;
	tm = (struct tm){ .tm_year = n[0] - 1900,
			  .tm_mon = n[1] - 1,
			  .tm_mday = n[2],
			  .tm_hour = n[3],
			  .tm_min = n[4] };
	back = tm;
	t = timegm(&back);
	if (n[0] < 1970 || back.tm_mday != tm.tm_mday || back.tm_mon != tm.tm_mon ||
	    back.tm_hour != tm.tm_hour || back.tm_min != tm.tm_min)
		return false; /* 31 February */
	*at = (int64_t)t + (day_after && !has_time ? DAY : 0);
	return true;
}

/* An event is a word like login_ok. */
static bool
is_event(struct str word)
{
	for (size_t i = 0; i < word.n; i++)
		if ((word.p[i] < 'a' || word.p[i] > 'z') && word.p[i] != '_')
			return false;
	return word.n <= EVENT_MAX;
}

/* "1796032800000000.17": the time and the id of the last row of the page before. */
static void
read_key(struct str key, struct site_asked *asked)
{
	int64_t at, id;
	struct str first = str_cut(&key, '.');

	if (!str_to_int(first, 1, INT64_MAX / 1000, &at) ||
	    !str_to_int(key, 1, INT64_MAX, &id))
		return;
	asked->before_at = at;
	asked->before_id = id;
}

struct site_wrong
site_asked_read(const struct visit *v, struct site_asked *asked)
{
	struct str since = site_field(v, "since"), until = site_field(v, "until");

	*asked = (struct site_asked){ .person = site_field(v, "person"),
				      .event = site_field(v, "event") };
	read_key(site_field(v, "before"), asked);
	if (!is_event(asked->event))
		return (struct site_wrong){ "admin_audit.no_event", "event" };
	if (since.n > 0 && !site_asked_time(since, false, &asked->since))
		return (struct site_wrong){ "admin_audit.no_time", "since" };
	if (until.n > 0 && !site_asked_time(until, true, &asked->until))
		return (struct site_wrong){ "admin_audit.no_time", "until" };
	if (asked->since != 0 && asked->until != 0 && asked->since >= asked->until)
		return (struct site_wrong){ "admin_audit.backwards", "until" };
	return (struct site_wrong){ NULL, NULL };
}

void
site_asked_add(struct buf *url, const struct visit *v)
{
	static const char *const names[] = { "person", "event", "since", "until" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		site_add_query(url, names[i], site_field(v, names[i]));
}
