#include "check.h"

#include "page/agent.h"

static const struct {
	const char *header, *browser, *system;
} agents[] = {
	{ "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
	  "Firefox", "Linux" },
	{ "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like "
	  "Gecko) "
	  "Chrome/150.0.0.0 Safari/537.36",
	  "Chrome", "Windows" },
	{ "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like "
	  "Gecko) "
	  "Chrome/150.0.0.0 Safari/537.36 Edg/150.0.0.0",
	  "Edge", "Windows" },
	{ "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
	  "Chrome/150.0.0.0 Mobile Safari/537.36",
	  "Chrome", "Android" },
	{ "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 "
	  "(KHTML, "
	  "like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
	  "Safari", "iPhone" },
	{ "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, "
	  "like "
	  "Gecko) Version/18.5 Safari/605.1.15",
	  "Safari", "Mac" },
	{ "curl/7.88.1", "curl", "" },
	{ "", "", "" },
	{ "<script>", "", "" },
	{ "Firefo", "", "" },
};

static void
names_the_browsers_people_have(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(agents); i++) {
		struct agent a = agent_read(str_of(agents[i].header));

		assert_string_equal(a.browser.p, agents[i].browser);
		assert_string_equal(a.system.p, agents[i].system);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_the_browsers_people_have),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
