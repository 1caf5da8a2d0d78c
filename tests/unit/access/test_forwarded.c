#include "check.h"

#include "access/forwarded.h"

static const char *const proxies[] = { "192.0.2.1", "10.0.0.0/8", "2001:db8::/32" };

static void
check(const char *remote, const char *forwarded, const char *expected)
{
	struct str got = forwarded_client(str_of(remote), str_of(forwarded), proxies,
					  COUNT(proxies));

	assert_int_equal(got.n, str_of(expected).n);
	assert_true(str_is(got, expected));
}

static void
believes_no_stranger(void **state)
{
	(void)state;
	check("198.51.100.7", "203.0.113.9", "198.51.100.7");
	check("198.51.100.7", "", "198.51.100.7");
	check("192.0.2.10", "203.0.113.9", "192.0.2.10");
	check("2001:db9::1", "203.0.113.9", "2001:db9::1");
	check("", "203.0.113.9", "");
	assert_true(
		str_is(forwarded_client(STR("192.0.2.1"), STR("203.0.113.9"), NULL, 0),
		       "192.0.2.1"));
}

static void
takes_what_the_nearest_trusted_proxy_saw(void **state)
{
	(void)state;
	check("192.0.2.1", "203.0.113.9", "203.0.113.9");
	check("192.0.2.1", "1.2.3.4, 203.0.113.9", "203.0.113.9");
	check("192.0.2.1", "1.2.3.4, 203.0.113.9 , 10.1.2.3", "203.0.113.9");
	check("2001:db8::5", "2001:db9::1", "2001:db9::1");
	check("::ffff:192.0.2.1", "203.0.113.9", "203.0.113.9");
	check("192.0.2.1", "10.1.2.3", "10.1.2.3");
}

static void
stops_at_what_is_no_address(void **state)
{
	(void)state;
	check("192.0.2.1", "", "192.0.2.1");
	check("192.0.2.1", "unknown", "192.0.2.1");
	check("192.0.2.1", "203.0.113.9, ", "192.0.2.1");
	check("192.0.2.1", "203.0.113.9, x, 10.0.0.1", "10.0.0.1");
}

/* Azure's Application Gateway and, when told to, AWS's load balancers write the port. */
static void
an_address_with_a_port_is_an_address(void **state)
{
	static const char *const none[] = {
		"203.0.113.9:",
		"203.0.113.9:x",
		"203.0.113.9:65536",
		"203.0.113.9:1:2",
		"203.0.113.9: 1",
		":8080",
		"[2001:db9::1",
		"[2001:db9::1]8080",
		"[2001:db9::1]:",
		"[2001:db9::1]:x",
		"[203.0.113.9]",
		"[203.0.113.9]:1",
		"[]:1",
		"[",
		"]",
		"2001:db9::1]:8080",
		"[[2001:db9::1]]",
		"203.0.113.9:-1",
		"localhost:8080",
		"203.0.113.9:+1",
	};

	(void)state;
	check("192.0.2.1", "203.0.113.9:8080", "203.0.113.9");
	check("192.0.2.1", "1.2.3.4:5, 203.0.113.9:8080 , 10.1.2.3:443", "203.0.113.9");
	check("192.0.2.1", "[2001:db9::1]:8080", "2001:db9::1");
	check("192.0.2.1", "[2001:db9::1]", "2001:db9::1");
	check("192.0.2.1", "203.0.113.9, [2001:db8::7]:1", "203.0.113.9");
	check("192.0.2.1", "2001:db9::8080", "2001:db9::8080");
	for (size_t i = 0; i < COUNT(none); i++)
		check("192.0.2.1", none[i], "192.0.2.1");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(believes_no_stranger),
		cmocka_unit_test(takes_what_the_nearest_trusted_proxy_saw),
		cmocka_unit_test(stops_at_what_is_no_address),
		cmocka_unit_test(an_address_with_a_port_is_an_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
