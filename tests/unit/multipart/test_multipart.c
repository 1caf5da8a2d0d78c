#include "check.h"

#include <stdio.h>
#include <string.h>

#include "multipart/multipart.h"

#define TYPE "multipart/form-data; boundary=xyz"
#define PART(name, value)                                                                \
	"--xyz\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n" value "\r"  \
	"\n"

static enum err
parse(struct form *f, const char *type, const char *body)
{
	return multipart_parse(f, str_of(type), str_of(body));
}

static void
reads_fields_and_a_file(void **state)
{
	static const char body[] = PART(
		"a",
		"1") "--xyz\r\ncontent-disposition: Form-Data; filename=\"x;y.csv\"; "
		     "name=\"csv\"\r\n"
		     "Content-Type: text/csv\r\n\r\nname\r\n--xy\r\nann\r\n\r\n" PART(
			     "e", "") "--xyz--\r\n";
	struct str value;
	struct form f;

	(void)state;
	assert_int_equal(parse(&f, TYPE, body), ERR_OK);
	assert_int_equal(f.n, 3);
	assert_int_equal(form_find(&f, "a", &value), FORM_ONE);
	assert_true(str_is(value, "1"));
	assert_int_equal(form_find(&f, "csv", &value), FORM_ONE);
	assert_true(str_is(value, "name\r\n--xy\r\nann\r\n"));
	assert_int_equal(form_find(&f, "e", &value), FORM_ONE);
	assert_int_equal(value.n, 0);
	form_done(&f);
}

static void
a_boundary_may_be_in_quotes(void **state)
{
	struct form f;

	(void)state;
	assert_int_equal(parse(&f, "Multipart/Form-Data ; Boundary=\"xyz\"",
			       PART("a", "1") "--xyz--"),
			 ERR_OK);
	assert_int_equal(f.n, 1);
	form_done(&f);
}

static void
values_may_be_any_bytes(void **state)
{
	static const char body[] = PART("a", "\xff\x01") "--xyz--\r\n";
	struct form f;

	(void)state;
	assert_int_equal(parse(&f, TYPE, body), ERR_OK);
	assert_true(str_is(f.fields[0].value, "\xff\x01"));
	form_done(&f);
}

static void
another_type_is_not_supported(void **state)
{
	static const char *const types[] = { "", "multipart/mixed; boundary=xyz",
					     "application/x-www-form-urlencoded",
					     "multipart/form-data-x; boundary=xyz" };
	struct form f;

	(void)state;
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		assert_int_equal(parse(&f, types[i], PART("a", "1") "--xyz--"),
				 ERR_UNSUPPORTED);
		assert_int_equal(f.n, 0);
		form_done(&f);
	}
}

static void
refuses_a_boundary_that_is_none(void **state)
{
	static const char *const types[] = {
		"multipart/form-data",
		"multipart/form-data; boundary=",
		"multipart/form-data; boundary=\"\"",
		"multipart/form-data; boundary=\"xyz",
		"multipart/form-data; boundary=xyz; boundary=xyz",
		"multipart/form-data; boundary=\"xyz \"",
		"multipart/form-data; boundary=x\\z",
		"multipart/form-data; boundary="
		"01234567890123456789012345678901234567890123456789012345678901234567890",
	};
	struct form f;

	(void)state;
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		assert_int_equal(parse(&f, types[i], PART("a", "1") "--xyz--"),
				 ERR_SYNTAX);
		assert_int_equal(f.n, 0);
		form_done(&f);
	}
}

static void
refuses_a_body_that_is_cut_or_has_more(void **state)
{
	static const char *const bodies[] = {
		"",
		"--xyz",
		"--xyz--\r\n",
		"preamble\r\n" PART("a", "1") "--xyz--\r\n",
		PART("a", "1"),
		PART("a", "1") "--xyz",
		PART("a", "1") "--xyz-\r\n",
		PART("a", "1") "--xyz--\r\nepilogue",
		"--xyz\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1--xyz--\r\n",
		"--xyz\nContent-Disposition: form-data; name=\"a\"\n\n1\n--xyz--\n",
	};
	struct form f;

	(void)state;
	for (size_t i = 0; i < sizeof(bodies) / sizeof(*bodies); i++) {
		assert_int_equal(parse(&f, TYPE, bodies[i]), ERR_SYNTAX);
		assert_int_equal(f.n, 0);
		form_done(&f);
	}
}

#define HEADED(header) "--xyz\r\n" header "\r\n\r\n1\r\n--xyz--\r\n"

static void
refuses_a_part_without_one_name(void **state)
{
	static const char *const bodies[] = {
		HEADED("Content-Type: text/plain"),
		HEADED("Content-Disposition: attachment; name=\"a\""),
		HEADED("Content-Disposition: form-data"),
		HEADED("Content-Disposition: form-data; name=\"\""),
		HEADED("Content-Disposition: form-data; name=\"a"),
		HEADED("Content-Disposition: form-data; name=\"a\"; name=\"b\""),
		HEADED("Content-Disposition: form-data; name=\"a\" b"),
		HEADED("Content-Disposition: form-data; name=\"\xff\""),
		HEADED("Content-Disposition: form-data; name=\"a\tb\""),
		HEADED("Content-Disposition: form-data; name=\"a\"\r\n"
		       "Content-Disposition: form-data; name=\"b\""),
	};
	struct form f;

	(void)state;
	for (size_t i = 0; i < sizeof(bodies) / sizeof(*bodies); i++) {
		assert_int_equal(parse(&f, TYPE, bodies[i]), ERR_SYNTAX);
		assert_int_equal(f.n, 0);
		form_done(&f);
	}
}

static void
refuses_too_many_parts_and_headers(void **state)
{
	char body[4096] = "";
	struct form f;

	(void)state;
	for (int i = 0; i < MULTIPART_PARTS_MAX; i++)
		strncat(body, PART("a", "1"), sizeof(body) - strlen(body) - 1);
	strncat(body, "--xyz--\r\n", sizeof(body) - strlen(body) - 1);
	assert_int_equal(parse(&f, TYPE, body), ERR_OK);
	form_done(&f);
	body[strlen(body) - strlen("--xyz--\r\n")] = '\0';
	strncat(body, PART("a", "1") "--xyz--\r\n", sizeof(body) - strlen(body) - 1);
	assert_int_equal(parse(&f, TYPE, body), ERR_LIMIT);
	form_done(&f);
	snprintf(body, sizeof(body), "--xyz\r\n");
	for (int i = 0; i < 9; i++)
		strncat(body, "X: y\r\n", sizeof(body) - strlen(body) - 1);
	strncat(body, "Content-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--xyz--",
		sizeof(body) - strlen(body) - 1);
	assert_int_equal(parse(&f, TYPE, body), ERR_SYNTAX);
	form_done(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_fields_and_a_file),
		cmocka_unit_test(a_boundary_may_be_in_quotes),
		cmocka_unit_test(values_may_be_any_bytes),
		cmocka_unit_test(another_type_is_not_supported),
		cmocka_unit_test(refuses_a_boundary_that_is_none),
		cmocka_unit_test(refuses_a_body_that_is_cut_or_has_more),
		cmocka_unit_test(refuses_a_part_without_one_name),
		cmocka_unit_test(refuses_too_many_parts_and_headers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
