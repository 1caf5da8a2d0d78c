#include "check.h"

#include <string.h>

#include "base/text.h"
#include "http/form.h"
#include "http/media.h"

static void
decodes_names_and_values(void **state)
{
	struct form f;
	struct str value;

	(void)state;
	assert_int_equal(form_parse(&f, STR("a=1&b%20c=x+y%21&&d&e==&%c3%a9=%E2%82%AC")),
			 ERR_OK);
	assert_int_equal(f.n, 5);
	assert_int_equal(form_find(&f, "a", &value), FORM_ONE);
	assert_true(str_is(value, "1"));
	assert_int_equal(form_find(&f, "b c", &value), FORM_ONE);
	assert_true(str_is(value, "x y!"));
	assert_int_equal(form_find(&f, "d", &value), FORM_ONE);
	assert_int_equal(value.n, 0);
	assert_int_equal(form_find(&f, "e", &value), FORM_ONE);
	assert_true(str_is(value, "="));
	assert_int_equal(form_find(&f, "\xc3\xa9", &value), FORM_ONE);
	assert_true(str_is(value, "\xe2\x82\xac"));
	assert_int_equal(form_find(&f, "A", &value), FORM_ABSENT);
	form_done(&f);
	form_done(&f);
}

static void
an_empty_text_is_an_empty_form(void **state)
{
	struct form f;
	struct str value = STR("left over");

	(void)state;
	assert_int_equal(form_parse(&f, STR("")), ERR_OK);
	assert_int_equal(form_find(&f, "a", &value), FORM_ABSENT);
	assert_int_equal(value.n, 0);
	form_done(&f);
	assert_int_equal(form_parse(&f, STR("&&&")), ERR_OK);
	assert_int_equal(f.n, 0);
	form_done(&f);
}

static void
refuses_what_is_not_well_formed(void **state)
{
	static const char *const bad[] = {
		"a=%",    "a=%1",        "a=%g0",      "a=%0g", "%=1",
		"a=%00",  "%00=1",       "a=1%00&b=2", "a=%ff", "a=%c0%af",
		"a=\xff", "a=%ed%a0%80", "a=%C3",      "a=% 1", "ok=1&a=%-1",
	};
	struct form f;
	struct str value;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		assert_int_equal(form_parse(&f, str_of(bad[i])), ERR_SYNTAX);
		assert_int_equal(f.n, 0);
		assert_int_equal(form_find(&f, "ok", &value), FORM_ABSENT);
		form_done(&f);
	}
	assert_int_equal(form_parse(&f, (struct str){ "a=1\0b", 5 }), ERR_SYNTAX);
	form_done(&f);
}

static void
a_field_given_twice_has_no_value(void **state)
{
	struct form f;
	struct str value;

	(void)state;
	assert_int_equal(form_parse(&f, STR("user=a&x=1&us%65r=b")), ERR_OK);
	assert_int_equal(form_find(&f, "user", &value), FORM_TWICE);
	assert_int_equal(value.n, 0);
	assert_int_equal(form_find(&f, "x", &value), FORM_ONE);
	form_done(&f);
}

static void
refuses_too_many_fields(void **state)
{
	char text[2 * (FORM_FIELDS_MAX + 1) + 1] = "";
	struct form f;

	(void)state;
	for (size_t i = 0; i < FORM_FIELDS_MAX; i++)
		strcat(text, "a&");
	assert_int_equal(form_parse(&f, str_of(text)), ERR_OK);
	form_done(&f);
	strcat(text, "a&");
	assert_int_equal(form_parse(&f, str_of(text)), ERR_LIMIT);
	form_done(&f);
}

static void
what_is_encoded_decodes_to_itself(void **state)
{
	char all[255], text[1000] = "v=";
	struct buf out;
	struct form f;
	struct str value;

	(void)state;
	for (int i = 0; i < 127; i++)
		all[i] = (char)(i + 1);
	buf_init(&out, 1000);
	assert_true(text_add_percent(&out, (struct str){ all, 127 }, "/"));
	strcat(text, buf_z(&out));
	assert_null(strpbrk(buf_z(&out), "&=+ \"<>#?"));
	assert_int_equal(form_parse(&f, str_of(text)), ERR_OK);
	assert_int_equal(form_find(&f, "v", &value), FORM_ONE);
	assert_int_equal(value.n, 127);
	assert_memory_equal(value.p, all, 127);
	form_done(&f);
	buf_done(&out);
}

static void
knows_a_content_type_with_its_parameters(void **state)
{
	static const char *const good[] = {
		"application/json",
		"Application/JSON",
		"application/json;charset=utf-8",
		"application/json ; charset=\"UTF-8\"",
		"application/json; x=y",
		"application/json;",
	};
	static const char *const bad[] = {
		"",
		"application/jsonp",
		"text/json",
		"application",
		"application/json, text/html",
		"application/json; charset=latin1",
		"application/json; charset=utf-8; charset=utf-16",
		"application/json; charset",
		"application/json; charset=\"utf-8",
		"application/json; =x",
		"application/json; a=b\"c",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++)
		assert_true(media_is(str_of(good[i]), "application/json"));
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_false(media_is(str_of(bad[i]), "application/json"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decodes_names_and_values),
		cmocka_unit_test(an_empty_text_is_an_empty_form),
		cmocka_unit_test(refuses_what_is_not_well_formed),
		cmocka_unit_test(a_field_given_twice_has_no_value),
		cmocka_unit_test(refuses_too_many_fields),
		cmocka_unit_test(what_is_encoded_decodes_to_itself),
		cmocka_unit_test(knows_a_content_type_with_its_parameters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
