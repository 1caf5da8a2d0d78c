#include "check.h"

#include <string.h>

#include "base/sanitized.h"
#include "json/json.h"

static struct json_t *
parse(const char *text)
{
	struct json_t *root;

	if (json_parse(str_of(text), &json_usual, &root, NULL) != ERR_OK)
		fail_msg("refused: %s", text);
	return root;
}

static void
refuse(struct str text, enum err wanted)
{
	struct json_t *root = (struct json_t *)1;
	struct why why = { 0 };

	if (json_parse(text, &json_usual, &root, &why) != wanted)
		fail_msg("not refused as it should: %.*s", STR_ARG(text));
	assert_null(root);
	assert_true(why.text[0] != '\0');
}

static void
accepts_the_whole_grammar(void **state)
{
	static const char *const good[] = {
		"{}",
		"[]",
		" \t\r\n{ \"a\" : [ 1 , -0 , 2.5e-3 , true , false , null ] }\n",
		"{\"\":\"\"}",
		"{\"a\":\"\\u00e9\\ud83d\\ude00\\\"\\\\\\/\\b\\f\\n\\r\\t\"}",
		"[9223372036854775807,-9223372036854775808]",
		"[1e308,1e-400]",
		"{\"a\":{\"a\":{\"a\":1}}}",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++)
		json_free(parse(good[i]));
}

static void
refuses_what_is_not_json(void **state)
{
	static const char *const bad[] = {
		" ",
		"{",
		"}",
		"[1,]",
		"{\"a\":1,}",
		"{a:1}",
		"{'a':1}",
		"[01]",
		"[+1]",
		"[.5]",
		"[1.]",
		"[0x1]",
		"[NaN]",
		"[Infinity]",
		"[True]",
		"//\n{}",
		"{\"a\" 1}",
		"[\"\t\"]",
		"[\"\\x41\"]",
		"[\"\\u12\"]",
		"[\"a]",
		/* no scalar at the root */
		"1",
		"\"a\"",
		"true",
		"null",
		/* nothing after the value */
		"{}{}",
		"{} x",
		"[]]",
		"{},",
		/* half a surrogate pair */
		"[\"\\ud83d\"]",
		"[\"\\ude00\"]",
		"[\"\\ud83d\\u0041\"]",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++)
		refuse(str_of(bad[i]), ERR_SYNTAX);
	refuse(STR(""), ERR_SYNTAX);
}

static void
refuses_a_name_that_occurs_twice(void **state)
{
	(void)state;
	refuse(STR("{\"a\":1,\"a\":1}"), ERR_SYNTAX);
	refuse(STR("{\"x\":{\"a\":1,\"b\":2,\"a\":3}}"), ERR_SYNTAX);
	refuse(STR("[{\"\":1,\"\":2}]"), ERR_SYNTAX);
}

static void
refuses_a_duplicate_behind_an_escape(void **state)
{
	(void)state;
	refuse(STR("{\"alg\":1,\"\\u0061lg\":2}"), ERR_SYNTAX);
	refuse(STR("{\"\\u0061\\u006c\\u0067\":1,\"alg\":2}"), ERR_SYNTAX);
	refuse(STR("{\"\xc3\xa9\":1,\"\\u00e9\":2}"), ERR_SYNTAX);
	refuse(STR("{\"/\":1,\"\\/\":2}"), ERR_SYNTAX);
	refuse(STR("{\"\xf0\x9f\x98\x80\":1,\"\\ud83d\\ude00\":2}"), ERR_SYNTAX);
}

static void
refuses_nul_wherever_it_hides(void **state)
{
	(void)state;
	refuse(STR("{\"a\":\"x\\u0000y\"}"), ERR_SYNTAX);
	refuse(STR("{\"a\\u0000b\":1}"), ERR_SYNTAX);
	refuse(STR("{\"a\":\"x\0y\"}"), ERR_SYNTAX);
	refuse(STR("{\"a\":1}\0"), ERR_SYNTAX);
	refuse(STR("\0{\"a\":1}"), ERR_SYNTAX);
	refuse(STR("[3\0]"), ERR_SYNTAX);
	refuse(STR("{\"exp\":3\0}"), ERR_SYNTAX);
	refuse(STR("{\"exp\"\0:3.5}"), ERR_SYNTAX);
}

static void
refuses_bytes_that_are_not_utf8(void **state)
{
	(void)state;
	refuse(STR("[\"\xff\"]"), ERR_SYNTAX);
	refuse(STR("[\"\xc0\xaf\"]"), ERR_SYNTAX);
	refuse(STR("[\"\xed\xa0\x80\"]"), ERR_SYNTAX);
	refuse(STR("[\"\xf4\x90\x80\x80\"]"), ERR_SYNTAX);
	refuse(STR("{\"\xe2\x82\":1}"), ERR_SYNTAX);
	refuse(STR("\xef\xbb\xbf{}"), ERR_SYNTAX);
	refuse(STR("{\0\"\0a\0\"\0:\0001\0}\0"), ERR_SYNTAX);
}

static void
refuses_numbers_out_of_range(void **state)
{
	(void)state;
	refuse(STR("[9223372036854775808]"), ERR_SYNTAX);
	refuse(STR("[-9223372036854775809]"), ERR_SYNTAX);
	refuse(STR("[99999999999999999999999999999999999999]"), ERR_SYNTAX);
	refuse(STR("[1e309]"), ERR_SYNTAX);
	refuse(STR("[-1e309]"), ERR_SYNTAX);
	refuse(STR("[1e99999999999999999999]"), ERR_SYNTAX);
}

static void
repeat(struct buf *b, const char *z, size_t times)
{
	for (size_t i = 0; i < times; i++)
		buf_addz(b, z);
}

static void
refuses_past_each_limit(void **state)
{
	struct json_t *root;
	struct buf b;

	(void)state;
	buf_init(&b, 1 << 20);
	repeat(&b, "[", json_usual.depth);
	repeat(&b, "]", json_usual.depth);
	json_free(parse(buf_z(&b)));
	buf_clear(&b);
	repeat(&b, "[", json_usual.depth + 1);
	repeat(&b, "]", json_usual.depth + 1);
	refuse(buf_str(&b), ERR_LIMIT);
	buf_clear(&b);
	repeat(&b, "[", 100000);
	assert_int_equal(json_parse(buf_str(&b),
				    &(struct json_limits){ 1 << 20, 8, 1 << 20 }, &root,
				    NULL),
			 ERR_LIMIT);
	buf_clear(&b);
	buf_addz(&b, "[1");
	repeat(&b, ",1", json_usual.values - 2);
	buf_addz(&b, "]");
	json_free(parse(buf_z(&b)));
	buf_clear(&b);
	buf_addz(&b, "[1");
	repeat(&b, ",1", json_usual.values);
	buf_addz(&b, "]");
	refuse(buf_str(&b), ERR_LIMIT);
	buf_clear(&b);
	buf_addz(&b, "[\"");
	repeat(&b, "x", json_usual.bytes);
	buf_addz(&b, "\"]");
	refuse(buf_str(&b), ERR_LIMIT);
	buf_done(&b);
}

/* Brackets and commas in strings, also after escaped quotes, are text. */
static void
counts_only_structure(void **state)
{
	(void)state;
	json_free(parse("[\"[[[[[[[[[[[[\\\"{{{{{{{{{{{{{\\\\\"]"));
}

static void
reason_never_quotes_the_input(void **state)
{
	struct json_t *root;
	struct why why;

	(void)state;
	assert_int_equal(
		json_parse(STR("{\"password\":\"hunter2\",x}"), &json_usual, &root, &why),
		ERR_SYNTAX);
	assert_null(strstr(why.text, "hunter2"));
	assert_null(strstr(why.text, "password"));
}

static void
getters_are_strict_about_types(void **state)
{
	struct json_t *o = parse("{\"s\":\"x\",\"i\":7,\"r\":7.0,\"b\":true,\"n\":null,"
				 "\"a\":[\"p\",\"q\"],\"m\":[\"p\",1],\"o\":{}}");
	struct str s = STR("before"), list[2];
	const struct json_t *v = NULL;
	int64_t i = 42, j = 42;
	bool b = false;
	size_t n = 9;

	(void)state;
	assert_int_equal(json_get_str(o, "none", &s), JSON_ABSENT);
	assert_int_equal(json_get_str(o, "i", &s), JSON_WRONG);
	assert_int_equal(json_get_str(o, "n", &s), JSON_WRONG);
	assert_true(str_is(s, "before"));
	assert_int_equal(json_get_str(o, "s", &s), JSON_FOUND);
	assert_true(str_is(s, "x"));
	assert_int_equal(json_get_int(o, "r", 0, 10, &i), JSON_WRONG);
	assert_int_equal(json_get_int(o, "s", 0, 10, &i), JSON_WRONG);
	assert_int_equal(json_get_int(o, "b", 0, 10, &i), JSON_WRONG);
	assert_int_equal(json_get_int(o, "i", 8, 10, &i), JSON_WRONG);
	assert_int_equal(json_get_int(o, "i", 0, 6, &i), JSON_WRONG);
	assert_int_equal(i, 42);
	assert_int_equal(json_get_int(o, "i", 7, 7, &i), JSON_FOUND);
	assert_int_equal(json_get_number(o, "s", &i, &j), JSON_WRONG);
	assert_int_equal(json_get_number(o, "b", &i, &j), JSON_WRONG);
	assert_int_equal(json_get_number(o, "r", &i, &j), JSON_FOUND);
	assert_int_equal(json_get_bool(o, "i", &b), JSON_WRONG);
	assert_int_equal(json_get_bool(o, "b", &b), JSON_FOUND);
	assert_true(b);
	assert_int_equal(json_get_strs(o, "m", list, 2, &n), JSON_WRONG);
	assert_int_equal(json_get_strs(o, "s", list, 2, &n), JSON_WRONG);
	assert_int_equal(json_get_strs(o, "a", list, 1, &n), JSON_WRONG);
	assert_int_equal(n, 9);
	assert_int_equal(json_get_strs(o, "a", list, 2, &n), JSON_FOUND);
	assert_true(n == 2 && str_is(list[1], "q"));
	assert_int_equal(json_get_object(o, "a", &v), JSON_WRONG);
	assert_int_equal(json_get_object(o, "o", &v), JSON_FOUND);
	assert_int_equal(json_get_array(o, "o", &v), JSON_WRONG);
	assert_int_equal(json_get_array(o, "a", &v), JSON_FOUND);
	assert_int_equal(json_get_str(v, "s", &s), JSON_WRONG);
	assert_int_equal(json_get_str(NULL, "s", &s), JSON_WRONG);
	assert_true(json_has(o, "n"));
	assert_false(json_has(o, "none"));
	assert_true(json_has_null(o, "n"));
	assert_false(json_has_null(o, "s"));
	assert_false(json_has_null(o, "none"));
	assert_false(json_has_null(NULL, "n"));
	json_free(o);
}

static void
numbers_round_without_overflow(void **state)
{
	static const struct {
		const char *json;
		int64_t low, high;
	} good[] = {
		{ "{\"x\":0}", 0, 0 },
		{ "{\"x\":1.5}", 1, 2 },
		{ "{\"x\":-1.5}", -2, -1 },
		{ "{\"x\":1e9}", 1000000000, 1000000000 },
		{ "{\"x\":1e-300}", 0, 1 },
		{ "{\"x\":-0.0}", 0, 0 },
		{ "{\"x\":9007199254740992}", 9007199254740992, 9007199254740992 },
		{ "{\"x\":-9007199254740992}", -9007199254740992, -9007199254740992 },
	};
	static const char *const bad[] = { "{\"x\":9007199254740993}",
					   "{\"x\":-9007199254740993}",
					   "{\"x\":9223372036854775807}",
					   "{\"x\":-9223372036854775808}",
					   "{\"x\":9.3e18}",
					   "{\"x\":1e308}",
					   "{\"x\":-1e308}",
					   "{\"x\":\"1\"}",
					   "{\"x\":null}",
					   "{\"x\":[1]}",
					   "{\"x\":true}" };
	int64_t low, high;

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		struct json_t *o = parse(good[i].json);

		assert_int_equal(json_get_number(o, "x", &low, &high), JSON_FOUND);
		assert_true(low == good[i].low && high == good[i].high);
		json_free(o);
	}
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct json_t *o = parse(bad[i]);

		assert_int_equal(json_get_number(o, "x", &low, &high), JSON_WRONG);
		json_free(o);
	}
}

static void
finds_members_that_do_not_belong(void **state)
{
	static const char *const names[] = { "a", "b", NULL };
	struct json_t *good = parse("{\"b\":1}"), *bad = parse("{\"a\":1,\"A\":2}");
	struct str stranger = STR("");

	(void)state;
	assert_true(json_only(good, names, NULL));
	assert_false(json_only(bad, names, &stranger));
	assert_true(str_is(stranger, "A"));
	json_free(good);
	json_free(bad);
}

static void
writes_what_it_reads(void **state)
{
	struct json_t *o;
	struct buf b;

	(void)state;
	buf_init(&b, 1000);
	json_put_open(&b, '{');
	json_put_member(&b, "s", STR("\"\\\n\x01\x1f\xc3\xa9,"));
	json_put_member_int(&b, "i", INT64_MIN);
	json_put_member_bool(&b, "b", false);
	json_put_name(&b, "a");
	json_put_open(&b, '[');
	json_put_str(&b, STR(""));
	json_put_null(&b);
	json_put_open(&b, '[');
	json_put_close(&b, ']');
	json_put_open(&b, '{');
	json_put_close(&b, '}');
	json_put_close(&b, ']');
	json_put_close(&b, '}');
	assert_false(b.failed);
	assert_string_equal(buf_z(&b), "{\"s\":\"\\\"\\\\\\n\\u0001\\u001f\xc3\xa9,\","
				       "\"i\":-9223372036854775808,\"b\":false,"
				       "\"a\":[\"\",null,[],{}]}");
	o = parse(buf_z(&b));
	buf_clear(&b);
	json_put_value(&b, o);
	json_free(o);
	o = parse(buf_z(&b));
	json_free(o);
	buf_done(&b);
}

static void
refuses_to_write_what_is_not_utf8(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 100);
	json_put_str(&b, STR("\xff"));
	assert_true(b.failed);
	buf_done(&b);
}

/* Passwords pass through it. The memory stays, so it can be looked at (sanitized.h). */
static void
leaves_nothing_behind(void **state)
{
	struct json_t *first, *second;
	struct str secret;

	(void)state;
	first = parse("{\"password\":\"correct horse battery\"}");
	second = parse("[1]");
	assert_int_equal(json_get_str(first, "password", &secret), JSON_FOUND);
	json_free(first);
	json_free(second);
	for (size_t i = 0; !SANITIZED && i < secret.n; i++)
		assert_int_equal(secret.p[i], 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(accepts_the_whole_grammar),
		cmocka_unit_test(refuses_what_is_not_json),
		cmocka_unit_test(refuses_a_name_that_occurs_twice),
		cmocka_unit_test(refuses_a_duplicate_behind_an_escape),
		cmocka_unit_test(refuses_nul_wherever_it_hides),
		cmocka_unit_test(refuses_bytes_that_are_not_utf8),
		cmocka_unit_test(refuses_numbers_out_of_range),
		cmocka_unit_test(refuses_past_each_limit),
		cmocka_unit_test(counts_only_structure),
		cmocka_unit_test(reason_never_quotes_the_input),
		cmocka_unit_test(getters_are_strict_about_types),
		cmocka_unit_test(numbers_round_without_overflow),
		cmocka_unit_test(finds_members_that_do_not_belong),
		cmocka_unit_test(writes_what_it_reads),
		cmocka_unit_test(refuses_to_write_what_is_not_utf8),
		cmocka_unit_test(leaves_nothing_behind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
