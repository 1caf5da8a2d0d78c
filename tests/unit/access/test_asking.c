#include "check.h"

#include <string.h>

#include "access/asking.h"
#include "config/config.h"

#define ID "3f0c1d5e-8a77-4b1c-9d2e-5a6b7c8d9e0f"
#define BEFORE "/oauth/authorize?id="

static void
reads_the_id_of_a_stored_request_from_return_to(void **state)
{
	struct buf address;
	struct str id;

	(void)state;
	buf_init(&address, 128);
	assert_true(asking_address(&address, STR(ID)));
	assert_true(str_is(buf_str(&address), BEFORE ID));
	assert_true(asking_id(buf_str(&address), &id));
	assert_true(str_is(id, ID));
	buf_done(&address);
}

static void
takes_no_other_address_for_a_stored_request(void **state)
{
	static const char *const others[] = {
		"",
		"/",
		"/oauth/authorize",
		BEFORE,
		BEFORE "1",
		BEFORE ID "&x=1",
		BEFORE ID "#x",
		BEFORE ID " ",
		BEFORE "3f0c1d5e-8a77-4b1c-9d2e-5a6b7c8d9e0g",
		"/oauth/authorize/?id=" ID,
		"/oauth/authorize?x=1&id=" ID,
		"//oauth/authorize?id=" ID,
		"https://site.example" BEFORE ID,
		"/OAuth/authorize?id=" ID,
	};
	struct str id;

	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
		assert_false(asking_id(str_of(others[i]), &id));
		assert_int_equal(id.n, 0);
	}
}

static void
makes_cookies_of_32_random_bytes_and_knows_their_form(void **state)
{
	unsigned char one[ASKING_BROWSER_SIZE], two[ASKING_BROWSER_SIZE];
	struct buf a, b;
	bool found;

	(void)state;
	buf_init(&a, 64);
	buf_init(&b, 64);
	assert_int_equal(asking_new(&a), ERR_OK);
	assert_int_equal(asking_new(&b), ERR_OK);
	assert_int_equal(a.n, 43);
	assert_false(str_eq(buf_str(&a), buf_str(&b)));
	assert_int_equal(asking_hash(buf_str(&a), one, &found), ERR_OK);
	assert_true(found);
	assert_int_equal(asking_hash(buf_str(&b), two, &found), ERR_OK);
	assert_true(found);
	assert_memory_not_equal(one, two, sizeof(one));
	buf_done(&a);
	buf_done(&b);
}

static void
hashes_no_cookie_of_another_form(void **state)
{
	static const char *const others[] = {
		"",
		"AAAA",
		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", /* 33 bytes */
		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",   /* 31 bytes */
		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB",  /* not canonical */
		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
	};
	unsigned char hash[ASKING_BROWSER_SIZE];
	bool found = true;

	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
		assert_int_equal(asking_hash(str_of(others[i]), hash, &found), ERR_OK);
		assert_false(found);
	}
}

static void
finds_the_browser_by_one_cookie_and_not_by_two(void **state)
{
#define VALUE "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	static char one[] = "HTTP_COOKIE=__Host-doorward-oauth=" VALUE;
	static char two[] = "HTTP_COOKIE=__Host-doorward-oauth=" VALUE
			    "; __Host-doorward-oauth=" VALUE;
	static char bare[] = "HTTP_COOKIE=doorward-oauth=" VALUE;
	static char method[] = "REQUEST_METHOD=GET";
	struct config config = { .plain_http = false };
	struct app app = { .config = &config };
	unsigned char hash[ASKING_BROWSER_SIZE];
	bool found;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		char *variables[] = { method, i == 0 ? one : i == 1 ? two : bare, NULL };
		struct request req;

		assert_int_equal(request_init(&req, variables), ERR_OK);
		assert_int_equal(asking_browser(&app, &req, hash, &found), ERR_OK);
		assert_int_equal(found, i == 0);
		request_done(&req);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_the_id_of_a_stored_request_from_return_to),
		cmocka_unit_test(takes_no_other_address_for_a_stored_request),
		cmocka_unit_test(makes_cookies_of_32_random_bytes_and_knows_their_form),
		cmocka_unit_test(hashes_no_cookie_of_another_form),
		cmocka_unit_test(finds_the_browser_by_one_cookie_and_not_by_two),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
