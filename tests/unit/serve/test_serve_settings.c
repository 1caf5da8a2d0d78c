/*
 * Settings and powers: read, followed, refused.
 */
#include "served.h"

static int
next_status(struct serving *s)
{
	struct client c = { 0 };
	int status;

	send_to(s, &c, (char *[]){ GET, NULL }, STR(""));
	status = status_of(&c);
	buf_done(&c.out);
	return status;
}

static void
follows_its_settings_file(void **state)
{
	struct serving s;

	(void)state;
	assert_true(serving_init(&s, &usual, settings));
	assert_int_equal(next_status(&s), 200);
	write_settings(settings, SETTINGS "site_name = new\n");
	assert_int_equal(next_status(&s), 200);
	assert_string_not_equal(s.config.site_name, "new"); /* may be half written */
	usleep(2100000);
	assert_int_equal(next_status(&s), 200);
	assert_string_equal(s.config.site_name, "new");
	unlink(settings);
	assert_int_equal(next_status(&s), 503);
	write_settings(settings, SETTINGS);
	assert_int_equal(next_status(&s), 200);
	assert_int_equal(chmod(settings, 0646), 0);
	assert_int_equal(next_status(&s), 503);
	assert_int_equal(chmod(settings, 0644), 0);
	assert_int_equal(next_status(&s), 200);
	serving_done(&s);
}

/* As if it had been broken for that time already; a new process knows no others. */
static void
broken_settings_leave_the_last_good_ones_for_ten_minutes(void **state)
{
	struct serving s;

	(void)state;
	assert_true(serving_init(&s, &usual, settings));
	assert_int_equal(next_status(&s), 200);
	write_settings(settings, SETTINGS "rule = half a\nunk");
	usleep(2100000);
	assert_int_equal(next_status(&s), 200);
	assert_int_equal(s.config_watch.error, ERR_SYNTAX);
	assert_int_equal(once(&usual, (char *[]){ GET, NULL }, STR(""), NULL), 503);
	s.config_watch.keep_until -= 590000;
	assert_int_equal(next_status(&s), 200);
	s.config_watch.keep_until -= 10000;
	assert_int_equal(next_status(&s), 503);
	assert_int_equal(next_status(&s), 503);
	write_settings(settings, SETTINGS);
	assert_int_equal(next_status(&s), 200);
	serving_done(&s);
}

static enum err
refuses_a_site_called_no(const struct config *c, struct why *why)
{
	return strcmp(c->site_name, "no") != 0 ? ERR_OK
					       : why_set(why, ERR_SYNTAX, "called no");
}

/* A rule that cannot be read, say. */
static void
settings_that_a_power_refuses_leave_the_last_good_ones(void **state)
{
	const struct power picky = { "picky", power_try, NULL, power_end,
				     .check = refuses_a_site_called_no };
	struct program p = usual;
	struct serving s;

	(void)state;
	p.powers[0] = &picky;
	assert_true(serving_init(&s, &p, settings));
	assert_int_equal(next_status(&s), 200);
	write_settings(settings, SETTINGS "site_name = no\n");
	usleep(2100000);
	assert_int_equal(next_status(&s), 200);
	assert_int_equal(s.config_watch.error, ERR_SYNTAX);
	assert_string_not_equal(s.config.site_name, "no");
	serving_done(&s);
}

/* Nothing is closed and opened again because a file was touched. */
static void
settings_that_say_the_same_change_nothing(void **state)
{
	struct program p = usual;
	struct serving s;

	(void)state;
	p.powers[0] = &fickle;
	assert_true(serving_init(&s, &p, settings));
	assert_int_equal(next_status(&s), 200);
	assert_int_equal(chmod(settings, 0640), 0);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(next_status(&s), 200);
		usleep(60000);
	}
	assert_int_equal(power_closed, 0);
	serving_done(&s);
}

static void
serves_once_the_settings_can_be_read(void **state)
{
	struct serving s;
	struct client c = { 0 };
	static const struct {
		const char *text; /* NULL: no such file */
		int status;
	} steps[] = { { NULL, 503 },
		      { "nonsense = 1\n", 503 },
		      { SETTINGS, 200 },
		      { "read only once", 200 } };

	(void)state;
	assert_true(serving_init(&s, &gate, settings));
	for (size_t i = 0; i < COUNT(steps); i++)
		for (int role = 0; role < 2; role++) {
			char *variables[] = { GET, role ? AUTHORIZER : NULL, NULL };

			if (steps[i].text == NULL)
				unlink(settings);
			else
				write_settings(settings, steps[i].text);
			send_to(&s, &c, variables, STR(""));
			assert_int_equal(status_of(&c), steps[i].status);
			assert_false(says(&c.out, "nonsense"));
			assert_false(says(&c.out, directory));
			buf_done(&c.out);
		}
	serving_done(&s);
}

static int
ask(struct serving *s, char *variable)
{
	struct client c = { 0 };
	int status;

	send_to(s, &c, (char *[]){ GET, variable, NULL }, STR(""));
	status = status_of(&c);
	buf_done(&c.out);
	return status;
}

static void
a_process_serves_the_settings_it_was_bound_to_and_no_other(void **state)
{
	char redirected[200], twice[200], header[200];
	struct serving s;

	(void)state;
	snprintf(redirected, sizeof(redirected), "REDIRECT_%s", named);
	snprintf(twice, sizeof(twice), "REDIRECT_REDIRECT_%s", named);
	snprintf(header, sizeof(header), "HTTP_%s", named);
	assert_true(serving_init(&s, &usual, NULL));
	assert_int_equal(ask(&s, header), 503);
	assert_int_equal(ask(&s, NULL), 503);
	assert_int_equal(ask(&s, "DOORWARD_CONFIG=doorward.conf"), 503);
	assert_int_equal(ask(&s, named), 200);
	assert_int_equal(ask(&s, redirected), 200);
	assert_int_equal(ask(&s, twice), 200);
	assert_int_equal(ask(&s, "DOORWARD_CONFIG=/other/doorward.conf"), 503);
	assert_int_equal(ask(&s, "REDIRECT_DOORWARD_CONFIG=/other/doorward.conf"), 503);
	assert_int_equal(ask(&s, NULL), 503);
	assert_int_equal(ask(&s, header), 503);
	assert_int_equal(ask(&s, named), 200);
	serving_done(&s);
	assert_int_equal(calls, 4);
}

static void
the_processs_own_settings_cannot_be_replaced_by_a_request(void **state)
{
	struct serving s;

	(void)state;
	assert_true(serving_init(&s, &usual, settings));
	assert_int_equal(ask(&s, "DOORWARD_CONFIG=/other/doorward.conf"), 503);
	assert_int_equal(ask(&s, NULL), 200);
	assert_int_equal(ask(&s, named), 200);
	assert_int_equal(ask(&s, "DOORWARD_CONFIG=/other/doorward.conf"), 503);
	serving_done(&s);
}

static void
refuses_while_a_power_is_broken_and_tries_again(void **state)
{
	struct program p = usual;
	struct serving s;

	(void)state;
	p.powers[0] = &fickle;
	assert_true(serving_init(&s, &p, settings));
	power_result = ERR_IO;
	assert_int_equal(ask(&s, NULL), 503);
	power_result = ERR_OK;
	assert_int_equal(ask(&s, NULL), 200);
	power_result = ERR_IO; /* now in refresh */
	assert_int_equal(ask(&s, NULL), 503);
	power_result = ERR_OK;
	assert_int_equal(ask(&s, NULL), 200);
	assert_int_equal(calls, 2);
	serving_done(&s);
	assert_int_equal(power_closed, 1);
}

static void
a_503_says_when_to_come_back(void **state)
{
	struct serving s;
	struct client c = { 0 };

	(void)state;
	unlink(settings);
	assert_true(serving_init(&s, &usual, settings));
	send_to(&s, &c, (char *[]){ GET, NULL }, STR(""));
	assert_true(says(&c.out, "\r\nRetry-After: "));
	buf_done(&c.out);
	serving_done(&s);
	write_settings(settings, SETTINGS);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(follows_its_settings_file),
		TEST(broken_settings_leave_the_last_good_ones_for_ten_minutes),
		TEST(settings_that_a_power_refuses_leave_the_last_good_ones),
		TEST(settings_that_say_the_same_change_nothing),
		TEST(serves_once_the_settings_can_be_read),
		TEST(a_process_serves_the_settings_it_was_bound_to_and_no_other),
		TEST(the_processs_own_settings_cannot_be_replaced_by_a_request),
		TEST(refuses_while_a_power_is_broken_and_tries_again),
		TEST(a_503_says_when_to_come_back),
	};

	log_open("test", LOG_ERROR + 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
