#include "check.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "http/conditional.h"
#include "http/date.h"
#include "http/mime.h"

#define MTIME 784111777 /* Sun, 06 Nov 1994 08:49:37 GMT */
#define DATE "Sun, 06 Nov 1994 08:49:37 GMT"
#define LATER "Sun, 06 Nov 1994 08:49:38 GMT"
#define EARLIER "Sun, 06 Nov 1994 08:49:36 GMT"

static void
reads_the_three_forms_of_a_date(void **state)
{
	static const char *const good[] = { DATE, "Sunday, 06-Nov-94 08:49:37 GMT",
					    "Sun Nov  6 08:49:37 1994" };
	static const char *const bad[] = { "",          "0",
					   "yesterday", "1994-11-06T08:49:37Z",
					   DATE " x",   "Sun, 06 Nov 1994 08:49:37 CET" };
	char text[DATE_SIZE];
	int64_t t;

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		assert_true(date_read(str_of(good[i]), &t));
		assert_true(t == MTIME);
	}
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_false(date_read(str_of(bad[i]), &t));
	assert_false(date_read((struct str){ DATE "\0x", sizeof(DATE) + 1 }, &t));
	date_write(MTIME, text);
	assert_string_equal(text, DATE);
}

static void
compares_entity_tags_strongly_and_weakly(void **state)
{
	static const struct {
		const char *header;
		bool strong, weak;
	} rows[] = {
		{ "\"a\"", true, true },
		{ "W/\"a\"", false, true },
		{ "*", true, true },
		{ "\"b\", \"a\"", true, true },
		{ "\"b\",W/\"a\"", false, true },
		{ " , \"b\" ,, \"a\" ", true, true },
		{ "\"b,\\\"", false, false },
		{ "\"b\"", false, false },
		{ "a", false, false },
		{ "\"a", false, false },
		{ "\"b\" \"a\"", false, false },
		{ "b, \"a\"", false, false },
		{ "w/\"a\"", false, false },
		{ "", false, false },
		{ "\"x a\", \"a\"", false, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct str h = str_of(rows[i].header);

		if (conditional_names(h, STR("\"a\""), false) != rows[i].strong ||
		    conditional_names(h, STR("\"a\""), true) != rows[i].weak)
			fail_msg("%s", rows[i].header);
	}
}

struct row {
	const char *method;
	const char *headers[3];
	int status;
	int64_t first, length;
};

static void
check_rows(const struct row *rows, size_t n, int64_t size)
{
	struct representation of = { STR("\"a\""), MTIME, size };

	for (size_t i = 0; i < n; i++) {
		char method[32];
		char *env[8] = { method };
		struct request r;
		struct conditional c;

		snprintf(method, sizeof(method), "REQUEST_METHOD=%s", rows[i].method);
		for (size_t j = 0; j < 3; j++)
			env[j + 1] = (char *)(uintptr_t)rows[i].headers[j];
		assert_int_equal(request_init(&r, env), ERR_OK);
		c = conditional_decide(&r, &of, MTIME + 3600);
		if (c.status != rows[i].status ||
		    ((c.status == 200 || c.status == 206) &&
		     (c.first != rows[i].first || c.length != rows[i].length)))
			fail_msg("row %zu %s %s: %d %lld+%lld", i, rows[i].method,
				 rows[i].headers[0], c.status, (long long)c.first,
				 (long long)c.length);
		request_done(&r);
	}
}

static void
decides_preconditions_in_their_order(void **state)
{
	static const struct row rows[] = {
		{ "GET", { NULL }, 200, 0, 100 },
		{ "GET", { "HTTP_IF_NONE_MATCH=\"a\"" }, 304 },
		{ "HEAD", { "HTTP_IF_NONE_MATCH=W/\"a\"" }, 304 },
		{ "GET", { "HTTP_IF_NONE_MATCH=*" }, 304 },
		{ "PUT", { "HTTP_IF_NONE_MATCH=*" }, 412 },
		{ "GET", { "HTTP_IF_NONE_MATCH=\"b\"" }, 200, 0, 100 },
		{ "GET",
		  { "HTTP_IF_NONE_MATCH=\"b\"", "HTTP_IF_MODIFIED_SINCE=" DATE },
		  200,
		  0,
		  100 },
		{ "GET", { "HTTP_IF_MODIFIED_SINCE=" DATE }, 304 },
		{ "GET", { "HTTP_IF_MODIFIED_SINCE=" LATER }, 304 },
		{ "GET", { "HTTP_IF_MODIFIED_SINCE=" EARLIER }, 200, 0, 100 },
		{ "GET", { "HTTP_IF_MODIFIED_SINCE=today" }, 200, 0, 100 },
		{ "GET", { "HTTP_IF_MATCH=\"a\"" }, 200, 0, 100 },
		{ "GET", { "HTTP_IF_MATCH=*" }, 200, 0, 100 },
		{ "GET", { "HTTP_IF_MATCH=W/\"a\"" }, 412 },
		{ "GET", { "HTTP_IF_MATCH=\"b\"" }, 412 },
		{ "GET", { "HTTP_IF_MATCH=" }, 412 },
		{ "GET",
		  { "HTTP_IF_MATCH=\"a\"", "HTTP_IF_UNMODIFIED_SINCE=" EARLIER },
		  200,
		  0,
		  100 },
		{ "GET", { "HTTP_IF_MATCH=\"a\"", "HTTP_IF_NONE_MATCH=\"a\"" }, 304 },
		{ "GET", { "HTTP_IF_UNMODIFIED_SINCE=" EARLIER }, 412 },
		{ "GET", { "HTTP_IF_UNMODIFIED_SINCE=" DATE }, 200, 0, 100 },
		{ "GET", { "HTTP_IF_NONE_MATCH=\"a\"", "HTTP_RANGE=bytes=0-1" }, 304 },
		{ "GET", { "HTTP_IF_MATCH=\"b\"", "HTTP_RANGE=bytes=0-1" }, 412 },
	};

	(void)state;
	check_rows(rows, COUNT(rows), 100);
}

static void
gives_single_ranges_and_ignores_the_rest(void **state)
{
	static const struct row rows[] = {
		{ "GET", { "HTTP_RANGE=bytes=0-0" }, 206, 0, 1 },
		{ "GET", { "HTTP_RANGE=bytes=0-" }, 206, 0, 100 },
		{ "GET", { "HTTP_RANGE=Bytes=10-19" }, 206, 10, 10 },
		{ "GET", { "HTTP_RANGE=bytes=99-99" }, 206, 99, 1 },
		{ "GET", { "HTTP_RANGE=bytes=90-1000" }, 206, 90, 10 },
		{ "GET", { "HTTP_RANGE=bytes=90-99999999999999999999999" }, 206, 90, 10 },
		{ "GET", { "HTTP_RANGE=bytes=-5" }, 206, 95, 5 },
		{ "GET", { "HTTP_RANGE=bytes=-500" }, 206, 0, 100 },
		{ "GET", { "HTTP_RANGE=bytes=100-" }, 416 },
		{ "GET", { "HTTP_RANGE=bytes=99999999999999999999-" }, 416 },
		{ "GET", { "HTTP_RANGE=bytes=-0" }, 416 },
		{ "GET", { "HTTP_RANGE=bytes=5-4" }, 200, 0, 100 },
		{ "GET", { "HTTP_RANGE=bytes=0-1,3-4" }, 200, 0, 100 },
		{ "GET", { "HTTP_RANGE=bytes=a-b" }, 200, 0, 100 },
		{ "GET", { "HTTP_RANGE=bytes=-" }, 200, 0, 100 },
		{ "GET", { "HTTP_RANGE=bytes=+1-2" }, 200, 0, 100 },
		{ "GET", { "HTTP_RANGE=bytes=1--2" }, 200, 0, 100 },
		{ "GET", { "HTTP_RANGE=bytes 0-1" }, 200, 0, 100 },
		{ "GET", { "HTTP_RANGE=lines=0-1" }, 200, 0, 100 },
		{ "HEAD", { "HTTP_RANGE=bytes=0-1" }, 200, 0, 100 },
		{ "GET", { "HTTP_RANGE=bytes=0-1", "HTTP_IF_RANGE=\"a\"" }, 206, 0, 2 },
		{ "GET", { "HTTP_RANGE=bytes=0-1", "HTTP_IF_RANGE=\"b\"" }, 200, 0, 100 },
		{ "GET",
		  { "HTTP_RANGE=bytes=0-1", "HTTP_IF_RANGE=W/\"a\"" },
		  200,
		  0,
		  100 },
		{ "GET", { "HTTP_RANGE=bytes=0-1", "HTTP_IF_RANGE=" DATE }, 206, 0, 2 },
		{ "GET",
		  { "HTTP_RANGE=bytes=0-1", "HTTP_IF_RANGE=" LATER },
		  200,
		  0,
		  100 },
		{ "GET",
		  { "HTTP_RANGE=bytes=0-1", "HTTP_IF_RANGE=" EARLIER },
		  200,
		  0,
		  100 },
		{ "GET",
		  { "HTTP_RANGE=bytes=500-", "HTTP_IF_RANGE=\"b\"" },
		  200,
		  0,
		  100 },
	};
	static const struct row empty[] = {
		{ "GET", { "HTTP_RANGE=bytes=0-" }, 416 },
		{ "GET", { "HTTP_RANGE=bytes=-1" }, 416 },
		{ "GET", { NULL }, 200, 0, 0 },
	};

	(void)state;
	check_rows(rows, COUNT(rows), 100);
	check_rows(empty, COUNT(empty), 0);
}

static void
a_date_of_just_now_is_no_strong_validator(void **state)
{
	char *env[] = { "REQUEST_METHOD=GET", "HTTP_RANGE=bytes=0-1",
			"HTTP_IF_RANGE=" DATE, NULL };
	struct representation of = { STR("\"a\""), MTIME, 100 };
	struct request r;

	(void)state;
	assert_int_equal(request_init(&r, env), ERR_OK);
	assert_int_equal(conditional_decide(&r, &of, MTIME + 60).status, 200);
	assert_int_equal(conditional_decide(&r, &of, MTIME + 61).status, 206);
	request_done(&r);
}

static void
knows_media_types_with_and_without_the_systems_table(void **state)
{
	static const struct {
		const char *name, *type;
	} rows[] = {
		{ "/a/b.html", "text/html" },
		{ "a.PNG", "image/png" },
		{ "a.tar.gz", "application/gzip" },
		{ "a", "application/octet-stream" },
		{ "/x.d/a", "application/octet-stream" },
		{ "a.", "application/octet-stream" },
		{ ".html", "application/octet-stream" },
		{ "a.unheard-of", "application/octet-stream" },
	};
	struct mime m;

	(void)state;
	mime_open(&m, "/nonexistent");
	for (size_t i = 0; i < COUNT(rows); i++)
		if (!str_is(mime_find(&m, str_of(rows[i].name)), rows[i].type))
			fail_msg("%s", rows[i].name);
	assert_true(buf_addz(&m.table, "# x gone\nimage/x-ours\t png  foo\nodd\n"));
	assert_true(str_is(mime_find(&m, STR("a.png")), "image/x-ours"));
	assert_true(str_is(mime_find(&m, STR("a.FOO")), "image/x-ours"));
	assert_true(str_is(mime_find(&m, STR("a.gone")), "application/octet-stream"));
	assert_true(str_is(mime_find(&m, STR("a.css")), "text/css"));
	mime_close(&m);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_the_three_forms_of_a_date),
		cmocka_unit_test(compares_entity_tags_strongly_and_weakly),
		cmocka_unit_test(decides_preconditions_in_their_order),
		cmocka_unit_test(gives_single_ranges_and_ignores_the_rest),
		cmocka_unit_test(a_date_of_just_now_is_no_strong_validator),
		cmocka_unit_test(knows_media_types_with_and_without_the_systems_table),
	};

	return cmocka_run_group_tests_name("conditional", tests, NULL, NULL);
}
