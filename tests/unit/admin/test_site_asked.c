#include "check.h"

#include "admin/event_words.h"
#include "admin/site/site_asked.h"
#include "http/form.h"

/* A time as it is typed, and what it is; 0: refused. */
static const struct {
	const char *text;
	bool day_after;
	int64_t at;
} times[] = {
	{ "1970-01-02", false, 86400 },
	{ "2026-01-31", false, 1769817600 },
	{ "2026-01-31", true, 1769904000 },
	{ "2026-01-31T18:30", false, 1769884200 },
	{ "2026-01-31T18:30", true, 1769884200 },
	{ "2024-02-29", false, 1709164800 },
	{ "2026-02-29", false, 0 },
	{ "2026-02-31", false, 0 },
	{ "2026-13-01", false, 0 },
	{ "2026-00-01", false, 0 },
	{ "2026-01-31T24:00", false, 0 },
	{ "2026-01-31T18:60", false, 0 },
	{ "2026-1-31", false, 0 },
	{ "2026-01-31 18:30", false, 0 },
	{ "2026-01-31T18:30:00", false, 0 },
	{ "+026-01-31", false, 0 },
	{ "0000-01-01", false, 0 },
	{ "yesterday", false, 0 },
	{ "", false, 0 },
};

static void
a_time_is_a_day_that_exists_or_a_day_and_a_time(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(times) / sizeof(*times); i++) {
		int64_t at = 0;
		bool good =
			site_asked_time(str_of(times[i].text), times[i].day_after, &at);

		assert_int_equal(good, times[i].at != 0);
		if (good)
			assert_int_equal(at, times[i].at);
	}
}

static struct site_wrong
read_query(const char *query, struct site_asked *asked, struct form *form)
{
	struct visit visit = { .form = form };

	assert_int_equal(form_parse(form, str_of(query)), ERR_OK);
	return site_asked_read(&visit, asked);
}

static void
a_filter_is_read_whole_and_a_made_up_key_is_left_out(void **state)
{
	struct site_asked asked;
	struct form form;

	(void)state;
	assert_null(read_query("person=ann&event=login_ok&since=2026-01-01"
			       "&until=2026-01-01&before=1769817600000000.17",
			       &asked, &form)
			    .problem);
	assert_true(str_is(asked.person, "ann") && str_is(asked.event, "login_ok"));
	assert_int_equal(asked.until - asked.since, 86400);
	assert_int_equal(asked.before_at, 1769817600000000);
	assert_int_equal(asked.before_id, 17);
	form_done(&form);
	assert_null(read_query("before=17.x", &asked, &form).problem);
	assert_int_equal(asked.before_at, 0);
	assert_int_equal(asked.before_id, 0);
	form_done(&form);
}

static void
says_which_field_of_a_filter_is_wrong(void **state)
{
	struct site_asked asked;
	struct form form;

	(void)state;
	assert_string_equal(read_query("event=a-b", &asked, &form).field, "event");
	form_done(&form);
	assert_string_equal(read_query("since=x", &asked, &form).field, "since");
	form_done(&form);
	assert_string_equal(
		read_query("since=2026-01-02&until=2026-01-01", &asked, &form).field,
		"until");
	form_done(&form);
}

static void
an_event_without_words_has_no_phrase(void **state)
{
	(void)state;
	assert_string_equal(event_words_phrase(STR("login_ok")), "event.login_ok");
	assert_null(event_words_phrase(STR("login")));
	assert_null(event_words_phrase(STR("")));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_time_is_a_day_that_exists_or_a_day_and_a_time),
		cmocka_unit_test(a_filter_is_read_whole_and_a_made_up_key_is_left_out),
		cmocka_unit_test(says_which_field_of_a_filter_is_wrong),
		cmocka_unit_test(an_event_without_words_has_no_phrase),
	};

	return cmocka_run_group_tests_name("site_asked", tests, NULL, NULL);
}
