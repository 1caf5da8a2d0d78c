#include "check.h"

#include <string.h>

#include "factor/base32.h"
#include "factor/qr.h"
#include "factor/recovery.h"
#include "factor/totp.h"

#define USER STR("0b51a3a4-5d0e-4c7e-9a6f-3b1d3c2f7a10")
#define RFC6238 STR("12345678901234567890")

/* RFC 4648, 10. */
static void
encodes_base32(void **state)
{
	static const struct {
		struct str bytes;
		const char *text;
	} table[] = {
		{ { "", 0 }, "" },
		{ { "f", 1 }, "MY" },
		{ { "fo", 2 }, "MZXQ" },
		{ { "foo", 3 }, "MZXW6" },
		{ { "foob", 4 }, "MZXW6YQ" },
		{ { "fooba", 5 }, "MZXW6YTB" },
		{ { "foobar", 6 }, "MZXW6YTBOI" },
	};
	struct buf out;

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		buf_init(&out, 64);
		assert_true(base32_encode(&out, table[i].bytes, true));
		assert_string_equal(buf_z(&out), table[i].text);
		assert_int_equal(out.n, BASE32_LENGTH(table[i].bytes.n));
		buf_done(&out);
	}
	buf_init(&out, 1);
	assert_false(base32_encode(&out, STR("foobar"), false));
	assert_int_equal(out.n, 0);
	buf_done(&out);
}

/* RFC 6238, appendix B: the last six of the eight digits with SHA-1. */
static void
accepts_the_codes_of_rfc_6238(void **state)
{
	static const struct {
		int64_t now;
		const char *code;
	} table[] = { { 59, "287082" },         { 1111111109, "081804" },
		      { 1111111111, "050471" }, { 1234567890, "005924" },
		      { 2000000000, "279037" }, { 20000000000, "353130" } };
	int64_t step;

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		assert_int_equal(
			totp_check(RFC6238, table[i].code, table[i].now, 0, &step),
			ERR_OK);
		assert_int_equal(step, table[i].now / 30);
		assert_int_equal(totp_check(RFC6238, "000000", table[i].now, 0, &step),
				 ERR_OK);
		assert_int_equal(step, 0);
	}
}

static void
accepts_one_step_before_and_after(void **state)
{
	/* the code of the step from 1111111110 on */
	const char *code = "050471";
	int64_t first = 1111111110, step;

	(void)state;
	for (int64_t off = -30; off < 60; off += 1) {
		assert_int_equal(
			totp_check(RFC6238, code, first + off, TOTP_WINDOW, &step),
			ERR_OK);
		assert_int_equal(step, first / 30);
	}
	assert_int_equal(totp_check(RFC6238, code, first - 31, TOTP_WINDOW, &step),
			 ERR_OK);
	assert_int_equal(step, 0);
	assert_int_equal(totp_check(RFC6238, code, first + 60, TOTP_WINDOW, &step),
			 ERR_OK);
	assert_int_equal(step, 0);
}

static void
refuses_every_code_at_the_beginning_of_time(void **state)
{
	int64_t step;

	(void)state;
	/* step 0 would be indistinguishable from "none" */
	assert_int_equal(totp_check(RFC6238, "755224", 0, 0, &step), ERR_OK);
	assert_int_equal(step, 0);
	assert_int_equal(totp_check(RFC6238, "755224", -90, TOTP_WINDOW, &step), ERR_OK);
	assert_int_equal(step, 0);
}

static void
reads_codes_as_people_type_them(void **state)
{
	static const char *const good[] = { "123456", "123 456", " 123-456 ",
					    "1 2 3 4 5 6", "123\t456" };
	static const char *const bad[] = {
		"",        "12345",    "1234567",
		"12345a",  "123456 7", "１２３４５６",
		"+123456", "123.456",  "1                                2 3 4 5 6"
	};
	char code[TOTP_DIGITS + 1];

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		assert_true(totp_read(str_of(good[i]), code));
		assert_string_equal(code, "123456");
	}
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_false(totp_read(str_of(bad[i]), code));
	assert_false(totp_read((struct str){ "123456\0", 7 }, code));
}

static void
writes_the_secret_in_groups(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 64);
	assert_true(totp_text(&out, RFC6238));
	assert_string_equal(buf_z(&out), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
	buf_done(&out);
	buf_init(&out, 20);
	assert_false(totp_text(&out, RFC6238));
	buf_done(&out);
}

static void
writes_the_uri_that_apps_read(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 4096);
	assert_true(
		totp_uri(&out, STR("Exämple: a & b"), STR("ann@example.org"), RFC6238));
	assert_string_equal(
		buf_z(&out),
		"otpauth://totp/Ex%C3%A4mple%20%20a%20%26%20b:ann%40example.org"
		"?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
		"&issuer=Ex%C3%A4mple%20%20a%20%26%20b"
		"&algorithm=SHA1&digits=6&period=30");
	buf_done(&out);
}

static void
makes_ten_different_recovery_codes(void **state)
{
	struct recovery codes[RECOVERY_CODES];
	unsigned char hash[SHA256_SIZE];
	bool formed;

	(void)state;
	assert_int_equal(recovery_new(USER, codes), ERR_OK);
	for (size_t i = 0; i < RECOVERY_CODES; i++) {
		assert_int_equal(strlen(codes[i].code), 19);
		assert_int_equal(
			strspn(codes[i].code, "abcdefghijklmnopqrstuvwxyz234567-"), 19);
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(codes[i].code, codes[j].code);
		assert_int_equal(
			recovery_hash(USER, str_of(codes[i].code), hash, &formed),
			ERR_OK);
		assert_true(formed);
		assert_memory_equal(hash, codes[i].hash, SHA256_SIZE);
		assert_int_equal(recovery_hash(STR("another"), str_of(codes[i].code),
					       hash, &formed),
				 ERR_OK);
		assert_memory_not_equal(hash, codes[i].hash, SHA256_SIZE);
	}
}

static void
reads_recovery_codes_as_people_type_them(void **state)
{
	static const char *const good[] = { "abcd-efgh-2345-67ab", "ABCD-EFGH-2345-67AB",
					    "abcdefgh234567ab", " abcd efgh 2345 67ab " };
	static const char *const bad[] = { "",
					   "abcd-efgh-2345-67a",
					   "abcd-efgh-2345-67abc",
					   "abcd-efgh-1345-67ab",
					   "abcd-efgh-0345-67ab",
					   "abcd.efgh.2345.67ab",
					   "123456" };
	unsigned char first[SHA256_SIZE], hash[SHA256_SIZE];
	unsigned char zero[SHA256_SIZE] = { 0 };
	bool formed;

	(void)state;
	assert_int_equal(recovery_hash(USER, str_of(good[0]), first, &formed), ERR_OK);
	for (size_t i = 0; i < COUNT(good); i++) {
		assert_int_equal(recovery_hash(USER, str_of(good[i]), hash, &formed),
				 ERR_OK);
		assert_true(formed);
		assert_memory_equal(hash, first, SHA256_SIZE);
	}
	for (size_t i = 0; i < COUNT(bad); i++) {
		assert_int_equal(recovery_hash(USER, str_of(bad[i]), hash, &formed),
				 ERR_OK);
		assert_false(formed);
		assert_memory_equal(hash, zero, SHA256_SIZE);
	}
}

/* The finder pattern at the upper left begins with seven dark modules. */
static void
draws_a_qr_code_with_white_around_it(void **state)
{
	struct buf path;
	int side;

	(void)state;
	buf_init(&path, QR_PATH_MAX);
	assert_int_equal(qr_path(STR("otpauth://totp/x"), &path, &side), ERR_OK);
	assert_int_equal(side, 25 + 2 * QR_QUIET);
	assert_true(str_starts_with(buf_str(&path), STR("M4 4h7v1h-7z")));
	assert_int_equal(strspn(buf_z(&path), "Mhvz0123456789 -"), path.n);
	buf_done(&path);
}

static void
draws_the_longest_text_and_refuses_a_longer_one(void **state)
{
	char text[QR_TEXT_MAX + 1];
	struct buf path;
	int side;

	(void)state;
	memset(text, '%', sizeof(text));
	buf_init(&path, QR_PATH_MAX);
	assert_int_equal(qr_path((struct str){ text, QR_TEXT_MAX }, &path, &side),
			 ERR_OK);
	buf_clear(&path);
	assert_int_equal(qr_path((struct str){ text, sizeof(text) }, &path, &side),
			 ERR_LIMIT);
	assert_int_equal(path.n, 0);
	buf_done(&path);
	buf_init(&path, 64);
	assert_int_equal(qr_path(STR("otpauth://totp/x"), &path, &side), ERR_MEMORY);
	buf_done(&path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(encodes_base32),
		cmocka_unit_test(accepts_the_codes_of_rfc_6238),
		cmocka_unit_test(accepts_one_step_before_and_after),
		cmocka_unit_test(refuses_every_code_at_the_beginning_of_time),
		cmocka_unit_test(reads_codes_as_people_type_them),
		cmocka_unit_test(writes_the_secret_in_groups),
		cmocka_unit_test(writes_the_uri_that_apps_read),
		cmocka_unit_test(makes_ten_different_recovery_codes),
		cmocka_unit_test(reads_recovery_codes_as_people_type_them),
		cmocka_unit_test(draws_a_qr_code_with_white_around_it),
		cmocka_unit_test(draws_the_longest_text_and_refuses_a_longer_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
