/* CBOR: what is canonical, what is not, and the limits. */
#include "check.h"

#include <string.h>

#include "webauthn/cbor.h"

#define BYTES(literal) STR(literal)

static enum err
cut(struct str bytes, enum cbor_order order, struct cbor *item, struct str *rest)
{
	struct why why = { "" };
	enum err e;

	*rest = bytes;
	e = cbor_cut(rest, order, item, &why);
	assert_true((e == ERR_OK) == (why.text[0] == '\0'));
	if (e != ERR_OK)
		assert_true(rest->p == bytes.p && rest->n == bytes.n);
	return e;
}

static void
accept(struct str bytes, enum cbor_kind kind, uint64_t n)
{
	struct cbor item;
	struct str rest;

	assert_int_equal(cut(bytes, CBOR_CANONICAL_ORDER, &item, &rest), ERR_OK);
	assert_int_equal(item.kind, kind);
	assert_true(item.n == n);
	assert_int_equal(rest.n, 0);
}

static void
refuse(struct str bytes, enum err wanted)
{
	struct cbor item;
	struct str rest;

	assert_int_equal(cut(bytes, CBOR_ANY_ORDER, &item, &rest), wanted);
}

/* RFC 8949, appendix A, as far as it is canonical here. */
static void
reads_the_examples_of_the_rfc(void **state)
{
	(void)state;
	accept(BYTES("\x00"), CBOR_UNSIGNED, 0);
	accept(BYTES("\x17"), CBOR_UNSIGNED, 23);
	accept(BYTES("\x18\x18"), CBOR_UNSIGNED, 24);
	accept(BYTES("\x18\x64"), CBOR_UNSIGNED, 100);
	accept(BYTES("\x19\x03\xe8"), CBOR_UNSIGNED, 1000);
	accept(BYTES("\x1a\x00\x0f\x42\x40"), CBOR_UNSIGNED, 1000000);
	accept(BYTES("\x1b\x00\x00\x00\xe8\xd4\xa5\x10\x00"), CBOR_UNSIGNED,
	       1000000000000);
	accept(BYTES("\x1b\xff\xff\xff\xff\xff\xff\xff\xff"), CBOR_UNSIGNED, UINT64_MAX);
	accept(BYTES("\x3b\xff\xff\xff\xff\xff\xff\xff\xff"), CBOR_NEGATIVE, UINT64_MAX);
	accept(BYTES("\x20"), CBOR_NEGATIVE, 0);
	accept(BYTES("\x39\x03\xe7"), CBOR_NEGATIVE, 999);
	accept(BYTES("\xf4"), CBOR_SIMPLE, CBOR_FALSE);
	accept(BYTES("\xf5"), CBOR_SIMPLE, CBOR_TRUE);
	accept(BYTES("\xf6"), CBOR_SIMPLE, CBOR_NULL);
	accept(BYTES("\x40"), CBOR_BYTES, 0);
	accept(BYTES("\x44\x01\x02\x03\x04"), CBOR_BYTES, 4);
	accept(BYTES("\x60"), CBOR_TEXT, 0);
	accept(BYTES("\x62\xc3\xbc"), CBOR_TEXT, 2);
	accept(BYTES("\x80"), CBOR_ARRAY, 0);
	accept(BYTES("\x83\x01\x82\x02\x03\x82\x04\x05"), CBOR_ARRAY, 3);
	accept(BYTES("\xa0"), CBOR_MAP, 0);
	accept(BYTES("\xa2\x01\x02\x03\x04"), CBOR_MAP, 2);
	accept(BYTES("\xa2\x61\x61\x01\x61\x62\x82\x02\x03"), CBOR_MAP, 2);
}

static void
refuses_numbers_that_are_too_long(void **state)
{
	(void)state;
	refuse(BYTES("\x18\x17"), ERR_SYNTAX);
	refuse(BYTES("\x19\x00\xff"), ERR_SYNTAX);
	refuse(BYTES("\x1a\x00\x00\xff\xff"), ERR_SYNTAX);
	refuse(BYTES("\x1b\x00\x00\x00\x00\xff\xff\xff\xff"), ERR_SYNTAX);
	refuse(BYTES("\x38\x17"), ERR_SYNTAX);
	refuse(BYTES("\x58\x01\x00"), ERR_SYNTAX);
	refuse(BYTES("\x78\x01\x61"), ERR_SYNTAX);
	refuse(BYTES("\x98\x01\x00"), ERR_SYNTAX);
	refuse(BYTES("\xb8\x01\x00\x00"), ERR_SYNTAX);
}

static void
refuses_what_is_cut(void **state)
{
	static const struct str whole[] = {
		BYTES("\x18\x18"),
		BYTES("\x19\x03\xe8"),
		BYTES("\x1a\x00\x0f\x42\x40"),
		BYTES("\x1b\x00\x00\x00\xe8\xd4\xa5\x10\x00"),
		BYTES("\x43\x01\x02\x03"),
		BYTES("\x63\x61\x62\x63"),
		BYTES("\x82\x01\x02"),
		BYTES("\xa2\x01\x02\x03\x04"),
		BYTES("\x58\x18"
		      "\x00\x00\x00\x00\x00\x00\x00"
		      "\x00\x00\x00\x00\x00\x00\x00\x00"
		      "\x00\x00\x00\x00\x00\x00\x00\x00\x00"),
	};

	(void)state;
	for (size_t i = 0; i < COUNT(whole); i++) {
		accept(whole[i], (enum cbor_kind)((unsigned char)whole[i].p[0] >> 5),
		       i < 4 ? (uint64_t[]){ 24, 1000, 1000000, 1000000000000 }[i]
			     : (uint64_t[]){ 3, 3, 2, 2, 24 }[i - 4]);
		for (size_t n = 0; n < whole[i].n; n++)
			refuse(str_sub(whole[i], 0, n), ERR_SYNTAX);
	}
	refuse(BYTES("\x5b\xff\xff\xff\xff\xff\xff\xff\xff\x00"), ERR_SYNTAX);
	refuse(BYTES("\x9b\xff\xff\xff\xff\xff\xff\xff\xff\x00"), ERR_SYNTAX);
	refuse(BYTES("\xbb\xff\xff\xff\xff\xff\xff\xff\xff\x00"), ERR_LIMIT);
}

static void
refuses_every_first_byte_that_is_not_canonical(void **state)
{
	unsigned char bytes[10] = { 0 };

	(void)state;
	for (unsigned first = 0; first < 256; first++) {
		unsigned type = first >> 5, more = first & 31;

		bytes[0] = (unsigned char)first;
		if (more > 27 || type == 6 || (type == 7 && (more < 20 || more > 22)))
			refuse((struct str){ (char *)bytes, sizeof(bytes) }, ERR_SYNTAX);
	}
}

static void
refuses_text_that_is_not_utf8(void **state)
{
	(void)state;
	refuse(BYTES("\x61\xff"), ERR_SYNTAX);
	refuse(BYTES("\x62\xc0\x80"), ERR_SYNTAX);
	refuse(BYTES("\x63\xed\xa0\x80"), ERR_SYNTAX);
	refuse(BYTES("\xa1\x61\xff\x00"), ERR_SYNTAX);
}

static void
refuses_a_key_that_occurs_twice(void **state)
{
	(void)state;
	refuse(BYTES("\xa2\x01\x00\x01\x00"), ERR_SYNTAX);
	refuse(BYTES("\xa2\x20\x00\x20\x00"), ERR_SYNTAX);
	refuse(BYTES("\xa3\x61\x61\x00\x61\x62\x00\x61\x61\x00"), ERR_SYNTAX);
	refuse(BYTES("\x81\xa2\x01\x00\x01\x00"), ERR_SYNTAX);
}

static void
refuses_a_key_that_is_no_integer_and_no_text(void **state)
{
	(void)state;
	refuse(BYTES("\xa1\x40\x00"), ERR_SYNTAX);
	refuse(BYTES("\xa1\x80\x00"), ERR_SYNTAX);
	refuse(BYTES("\xa1\xa0\x00"), ERR_SYNTAX);
	refuse(BYTES("\xa1\xf5\x00"), ERR_SYNTAX);
}

/* CTAP2: first the type, then the length, then the bytes. */
static void
enforces_the_order_of_keys_on_request(void **state)
{
	static const struct {
		struct str bytes;
		bool canonical;
	} maps[] = {
		{ BYTES("\xa2\x01\x00\x03\x00"), true },
		{ BYTES("\xa2\x03\x00\x01\x00"), false },
		{ BYTES("\xa2\x01\x00\x20\x00"), true },
		{ BYTES("\xa2\x20\x00\x01\x00"), false },
		{ BYTES("\xa2\x20\x00\x21\x00"), true },
		{ BYTES("\xa2\x21\x00\x20\x00"), false },
		{ BYTES("\xa2\x18\x18\x00\x20\x00"),
		  true }, /* RFC 8949 has it otherwise */
		{ BYTES("\xa2\x20\x00\x18\x18\x00"), false },
		{ BYTES("\xa2\x17\x00\x18\x18\x00"), true },
		{ BYTES("\xa2\x18\x18\x00\x17\x00"), false },
		{ BYTES("\xa2\x61\x62\x00\x62\x61\x61\x00"), true },
		{ BYTES("\xa2\x62\x61\x61\x00\x61\x62\x00"), false },
		{ BYTES("\xa2\x61\x61\x00\x61\x62\x00"), true },
		{ BYTES("\xa2\x61\x62\x00\x61\x61\x00"), false },
		{ BYTES("\xa1\x01\xa2\x03\x00\x01\x00"), false },
	};
	struct cbor item;
	struct str rest;

	(void)state;
	for (size_t i = 0; i < COUNT(maps); i++) {
		assert_int_equal(cut(maps[i].bytes, CBOR_ANY_ORDER, &item, &rest),
				 ERR_OK);
		assert_int_equal(cut(maps[i].bytes, CBOR_CANONICAL_ORDER, &item, &rest),
				 maps[i].canonical ? ERR_OK : ERR_SYNTAX);
	}
}

static void
keeps_its_limits(void **state)
{
	char bytes[3 + CBOR_ITEMS];

	(void)state;
	memset(bytes, '\x81', CBOR_DEPTH);
	accept((struct str){ "\x81\x81\x81\x81\x81\x81\x81\x80", CBOR_DEPTH }, CBOR_ARRAY,
	       1);
	bytes[CBOR_DEPTH] = '\x80';
	refuse((struct str){ bytes, CBOR_DEPTH + 1 }, ERR_LIMIT);
	memset(bytes, 0, sizeof(bytes));
	memcpy(bytes, "\x99\x03\xff", 3); /* 1023 elements and the array itself */
	accept((struct str){ bytes, 3 + CBOR_ITEMS - 1 }, CBOR_ARRAY, CBOR_ITEMS - 1);
	memcpy(bytes, "\x99\x04\x00", 3);
	refuse((struct str){ bytes, 3 + CBOR_ITEMS }, ERR_LIMIT);
}

static void
limits_the_pairs_of_a_map(void **state)
{
	char bytes[2 + 3 * (CBOR_PAIRS + 1)];
	size_t n = 2;

	(void)state;
	for (unsigned i = 0; i <= CBOR_PAIRS; i++) {
		if (i >= 24)
			bytes[n++] = '\x18';
		bytes[n++] = (char)i;
		bytes[n++] = 0;
	}
	memcpy(bytes, "\xb8\x40", 2);
	accept((struct str){ bytes, n - 3 }, CBOR_MAP, CBOR_PAIRS);
	memcpy(bytes, "\xb8\x41", 2);
	refuse((struct str){ bytes, n }, ERR_LIMIT);
}

static void
cuts_one_item_and_leaves_the_rest(void **state)
{
	struct cbor item;
	struct str rest;

	(void)state;
	assert_int_equal(cut(BYTES("\x82\x01\x02\xff\xff"), CBOR_ANY_ORDER, &item, &rest),
			 ERR_OK);
	assert_true(str_eq(rest, STR("\xff\xff")));
	assert_true(str_eq(item.data, STR("\x01\x02")));
}

static void
finds_what_is_in_a_map(void **state)
{
	struct cbor map, value, text;
	struct str rest;
	int64_t n = 0;

	(void)state;
	assert_int_equal(cut(BYTES("\xa4\x03\x26\x20\x1b\xff\xff\xff\xff\xff\xff\xff\xff"
				   "\x63"
				   "fmt"
				   "\x64"
				   "none"
				   "\x61"
				   "3"
				   "\x05"),
			     CBOR_ANY_ORDER, &map, &rest),
			 ERR_OK);
	assert_true(cbor_get_numbered(&map, 3, &value));
	assert_true(cbor_to_int(&value, &n) && n == -7);
	assert_true(cbor_get_numbered(&map, -1, &value));
	assert_false(cbor_to_int(&value, &n));
	assert_true(cbor_get(&map, "fmt", &text) && str_is(text.data, "none"));
	assert_false(cbor_to_int(&text, &n));
	assert_true(cbor_get(&map, "3", &value) && value.n == 5);
	assert_false(cbor_get(&map, "none", &value));
	assert_false(cbor_get_numbered(&map, 5, &value));
	assert_false(cbor_get(&text, "fmt", &value));
	assert_false(cbor_get_numbered(&text, 3, &value));
}

static void
converts_the_integers_that_fit(void **state)
{
	static const struct {
		struct cbor item;
		bool fits;
		int64_t value;
	} rows[] = {
		{ { .kind = CBOR_UNSIGNED, .n = 0 }, true, 0 },
		{ { .kind = CBOR_UNSIGNED, .n = INT64_MAX }, true, INT64_MAX },
		{ { .kind = CBOR_UNSIGNED, .n = (uint64_t)INT64_MAX + 1 }, false, 0 },
		{ { .kind = CBOR_NEGATIVE, .n = 0 }, true, -1 },
		{ { .kind = CBOR_NEGATIVE, .n = 256 }, true, -257 },
		{ { .kind = CBOR_NEGATIVE, .n = INT64_MAX }, true, INT64_MIN },
		{ { .kind = CBOR_NEGATIVE, .n = UINT64_MAX }, false, 0 },
		{ { .kind = CBOR_BYTES, .n = 1 }, false, 0 },
		{ { .kind = CBOR_SIMPLE, .n = CBOR_TRUE }, false, 0 },
	};
	int64_t value;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_int_equal(cbor_to_int(&rows[i].item, &value), rows[i].fits);
		if (rows[i].fits)
			assert_true(value == rows[i].value);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_the_examples_of_the_rfc),
		cmocka_unit_test(refuses_numbers_that_are_too_long),
		cmocka_unit_test(refuses_what_is_cut),
		cmocka_unit_test(refuses_every_first_byte_that_is_not_canonical),
		cmocka_unit_test(refuses_text_that_is_not_utf8),
		cmocka_unit_test(refuses_a_key_that_occurs_twice),
		cmocka_unit_test(refuses_a_key_that_is_no_integer_and_no_text),
		cmocka_unit_test(enforces_the_order_of_keys_on_request),
		cmocka_unit_test(keeps_its_limits),
		cmocka_unit_test(limits_the_pairs_of_a_map),
		cmocka_unit_test(cuts_one_item_and_leaves_the_rest),
		cmocka_unit_test(finds_what_is_in_a_map),
		cmocka_unit_test(converts_the_integers_that_fit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
