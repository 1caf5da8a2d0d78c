#include "check.h"

#include <string.h>

#include "access/csrf.h"

#define NOW 1800000000

static const struct str secret = { "0123456789abcdef0123456789abcdef", 32 };
static const struct str binding = { "browser-of-ann-0001", 19 };

static struct buf token;

static int
setup(void **state)
{
	(void)state;
	buf_init(&token, 128);
	return csrf_issue(secret, "login", binding, NOW, &token) == ERR_OK ? 0 : -1;
}

static int
teardown(void **state)
{
	(void)state;
	buf_done(&token);
	return 0;
}

static enum verdict
check(struct str s, const char *purpose, struct str b, int64_t now, struct str t)
{
	return csrf_check(s, purpose, b, now, t);
}

static void
accepts_its_own_token_while_it_lives(void **state)
{
	struct str t = buf_str(&token);

	(void)state;
	assert_int_equal(check(secret, "login", binding, NOW, t), VERDICT_ALLOW);
	assert_int_equal(check(secret, "login", binding, NOW + CSRF_LIFE, t),
			 VERDICT_ALLOW);
	assert_int_equal(check(secret, "login", binding, NOW - 60, t), VERDICT_ALLOW);
}

static void
refuses_another_time_form_browser_or_secret(void **state)
{
	struct str t = buf_str(&token);

	(void)state;
	assert_int_equal(check(secret, "login", binding, NOW + CSRF_LIFE + 1, t),
			 VERDICT_DENY);
	assert_int_equal(check(secret, "login", binding, NOW - CSRF_LIFE - 1, t),
			 VERDICT_DENY);
	assert_int_equal(check(secret, "password", binding, NOW, t), VERDICT_DENY);
	assert_int_equal(check(secret, "", binding, NOW, t), VERDICT_DENY);
	assert_int_equal(check(secret, "login", STR("browser-of-ann-0002"), NOW, t),
			 VERDICT_DENY);
	assert_int_equal(
		check(STR("0123456789abcdef0123456789abcdeF"), "login", binding, NOW, t),
		VERDICT_DENY);
}

static void
refuses_every_changed_cut_or_longer_token(void **state)
{
	char copy[128];
	struct str t = buf_str(&token);

	(void)state;
	for (size_t i = 0; i < t.n; i++) {
		memcpy(copy, t.p, t.n);
		copy[i] = copy[i] == 'A' ? 'B' : 'A';
		assert_int_equal(
			check(secret, "login", binding, NOW, (struct str){ copy, t.n }),
			VERDICT_DENY);
		assert_int_equal(check(secret, "login", binding, NOW, str_sub(t, 0, i)),
				 VERDICT_DENY);
	}
	memcpy(copy, t.p, t.n);
	copy[t.n] = 'A';
	assert_int_equal(
		check(secret, "login", binding, NOW, (struct str){ copy, t.n + 1 }),
		VERDICT_DENY);
}

static void
refuses_what_is_too_weak_to_bind_to(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 128);
	assert_int_equal(csrf_issue(secret, "login", STR(""), NOW, &out), ERR_CRYPTO);
	assert_int_equal(csrf_issue(secret, "login", STR("short"), NOW, &out),
			 ERR_CRYPTO);
	assert_int_equal(csrf_issue(STR("short"), "login", binding, NOW, &out),
			 ERR_CRYPTO);
	assert_int_equal(csrf_check(STR(""), "login", binding, NOW, buf_str(&token)),
			 VERDICT_DENY);
	assert_int_equal(csrf_check(secret, "login", STR(""), NOW, buf_str(&token)),
			 VERDICT_DENY);
	buf_done(&out);
}

static void
makes_bindings_that_differ_and_are_recognised(void **state)
{
	struct buf a, b;

	(void)state;
	buf_init(&a, 128);
	buf_init(&b, 128);
	assert_int_equal(csrf_binding(&a), ERR_OK);
	assert_int_equal(csrf_binding(&b), ERR_OK);
	assert_false(str_eq(buf_str(&a), buf_str(&b)));
	assert_true(csrf_is_binding(buf_str(&a)));
	assert_false(csrf_is_binding(str_sub(buf_str(&a), 1, a.n)));
	assert_false(csrf_is_binding(STR("")));
	assert_false(csrf_is_binding(STR("################################")));
	buf_done(&a);
	buf_done(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(accepts_its_own_token_while_it_lives,
						setup, teardown),
		cmocka_unit_test_setup_teardown(
			refuses_another_time_form_browser_or_secret, setup, teardown),
		cmocka_unit_test_setup_teardown(refuses_every_changed_cut_or_longer_token,
						setup, teardown),
		cmocka_unit_test_setup_teardown(refuses_what_is_too_weak_to_bind_to,
						setup, teardown),
		cmocka_unit_test(makes_bindings_that_differ_and_are_recognised),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
