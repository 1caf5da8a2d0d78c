#include "check.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/base64url.h"
#include "base/buf.h"
#include "base/log.h"
#include "base/str.h"

static void
cuts_at_the_first_separator(void **state)
{
	struct str rest = STR("a;b;;c");

	(void)state;
	assert_true(str_is(str_cut(&rest, ';'), "a"));
	assert_true(str_is(str_cut(&rest, ';'), "b"));
	assert_true(str_is(str_cut(&rest, ';'), ""));
	assert_true(str_is(str_cut(&rest, ';'), "c"));
	assert_int_equal(rest.n, 0);
}

static void
reads_only_canonical_integers(void **state)
{
	static const char *const bad[] = { "",
					   "-",
					   "+1",
					   "01",
					   "-01",
					   " 1",
					   "1 ",
					   "1a",
					   "0x1",
					   "--1",
					   "9223372036854775808" };
	int64_t v = 7;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_false(str_to_int(str_of(bad[i]), INT64_MIN, INT64_MAX, &v));
	assert_int_equal(v, 7);
	assert_true(str_to_int(STR("9223372036854775807"), 0, INT64_MAX, &v));
	assert_true(v == INT64_MAX);
	assert_true(str_to_int(STR("-12"), -12, 0, &v));
	assert_false(str_to_int(STR("-12"), -11, 0, &v));
}

static void
knows_well_formed_utf8(void **state)
{
	static const char *const good[] = { "",
					    "plain",
					    "\xc3\xa9",
					    "\xe2\x82\xac",
					    "\xf0\x9f\x98\x80",
					    "\xf4\x8f\xbf\xbf" };
	static const char *const bad[] = { "\x80",
					   "\xc0\x80",
					   "\xc1\xbf",
					   "\xe0\x80\x80",
					   "\xed\xa0\x80",
					   "\xf0\x80\x80\x80",
					   "\xf4\x90\x80\x80",
					   "\xf5\x80\x80\x80",
					   "\xc3",
					   "\xe2\x82",
					   "\xff",
					   "a\xc3z" };

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++)
		assert_true(str_is_utf8(str_of(good[i])));
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_false(str_is_utf8(str_of(bad[i])));
}

static void
buffer_refuses_what_does_not_fit(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 5);
	assert_true(buf_addz(&b, "123"));
	assert_false(buf_addz(&b, "456"));
	assert_int_equal(b.n, 3);
	assert_false(buf_addc(&b, '4'));
	assert_true(b.failed);
	buf_clear(&b);
	assert_true(buf_addf(&b, "%d", 12345));
	assert_string_equal(buf_z(&b), "12345");
	buf_done(&b);
	buf_done(&b);
	assert_string_equal(buf_z(&b), "");
}

static void
base64url_round_trips_every_length(void **state)
{
	unsigned char bytes[64];
	struct buf text, back;

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (unsigned char)(i * 37 + 200);
	buf_init(&text, 1000);
	buf_init(&back, 1000);
	for (size_t n = 0; n <= sizeof(bytes); n++) {
		buf_clear(&text);
		buf_clear(&back);
		assert_true(base64url_encode(&text, (struct str){ (char *)bytes, n }));
		assert_int_equal(text.n, BASE64URL_LENGTH(n));
		assert_true(base64url_decode(&back, buf_str(&text)));
		assert_int_equal(back.n, n);
		assert_memory_equal(buf_z(&back), bytes, n);
	}
	buf_done(&text);
	buf_done(&back);
}

static void
base64url_refuses_every_other_form(void **state)
{
	static const char *const bad[] = { "A",   "AAAAA",    "AA=", "AA==", "AB",
					   "AAB", "A+",       "A/",  "A A",  "AA\n",
					   "AA.", "\xc3\xa9", "A=AA" };
	unsigned char out[8];
	size_t n;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_false(base64url_decode_to(out, sizeof(out), &n, str_of(bad[i])));
	assert_true(base64url_decode_to(out, sizeof(out), &n, STR("-_8")));
	assert_int_equal(n, 2);
	assert_memory_equal(out, "\xfb\xff", 2);
	assert_false(base64url_decode_to(out, 1, &n, STR("-_8")));
}

/* Every byte in every place: only the 64 of the alphabet decode. */
static void
base64url_knows_its_alphabet(void **state)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrs"
				       "tuvwxyz0123456789-_";
	unsigned char out[9];
	size_t n;

	(void)state;
	for (size_t place = 0; place < 12; place++)
		for (int c = 0; c < 256; c++) {
			const char *letter = c == 0 ? NULL : strchr(alphabet, c);
			char text[13] = "AAAAAAAAAAAA";
			uint32_t group;

			text[place] = (char)c;
			assert_int_equal(base64url_decode_to(out, sizeof(out), &n,
							     (struct str){ text, 12 }),
					 letter != NULL);
			if (letter == NULL)
				continue;
			memset(text, 0, sizeof(text));
			memcpy(text, &out[place / 4 * 3], 3);
			group = (uint32_t)(unsigned char)text[0] << 16 |
				(uint32_t)(unsigned char)text[1] << 8 |
				(unsigned char)text[2];
			assert_int_equal(group >> (18 - place % 4 * 6) & 63,
					 letter - alphabet);
		}
}

static void
base64url_knows_its_alphabet_at_the_end(void **state)
{
	unsigned char out[3];
	unsigned accepted = 0;
	size_t n;

	(void)state;
	for (int c = 0; c < 256; c++) {
		char text[4] = { 'A', 'A', 'A', (char)c };

		if (base64url_decode_to(out, 3, &n, (struct str){ text, 4 })) {
			accepted++;
			assert_non_null(
				strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrs"
				       "tuvwxyz0123456789-_",
				       c));
		}
	}
	assert_int_equal(accepted, 64);
}

static void
finds_control_characters(void **state)
{
	static const char *const with[] = { "a\n",
					    "\x7f",
					    "a\xc2\x80",
					    "\xc2\x9b"
					    "2J",
					    "\xc2\x85",
					    "a\xe2\x80\xa8",
					    "\xe2\x80\xa9",
					    "x\xe2\x80\xaa",
					    "\xe2\x80\xaegnp.exe",
					    "\xe2\x81\xa6",
					    "\xe2\x81\xa9" };
	static const char *const without[] = { "",
					       "a b",
					       "\xc2\xa0",
					       "\xc3\x9f",
					       "\xc2",
					       "\xe2\x82\xac",
					       "\xe2\x80\xa7",
					       "\xe2\x80\xaf",
					       "\xe2\x81\xa5",
					       "\xe2\x81\xaa",
					       "\xe2\x80",
					       "\xe2\x80\x8f" };

	(void)state;
	for (size_t i = 0; i < COUNT(with); i++)
		assert_true(str_has_control(str_of(with[i])));
	for (size_t i = 0; i < COUNT(without); i++)
		assert_false(str_has_control(str_of(without[i])));
}

static void
log_line_cannot_be_forged(void **state)
{
	char path[] = "/tmp/doorward-log-XXXXXX", line[1024];
	int fd = mkstemp(path);
	struct why why;
	ssize_t n;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(log_to_file(path, &why), ERR_OK);
	log_open("test", LOG_INFO);
	LOG(LOG_DEBUG, "unseen");
	LOG(LOG_INFO, "seen", { "user", STR("ann\nevent=forged \"x\"\\") },
	    { "bad", STR("\xff") }, { "plain", STR("a-b.c") },
	    { "csi", STR("\xc2\x9b"
			 "2J\xc2\xa0\xc3\x9f") },
	    { "turned", STR("\xe2\x80\xae"
			    "b\xe2\x82\xac") });
	n = read(fd, line, sizeof(line) - 1);
	assert_true(n > 0);
	line[n] = '\0';
	assert_null(strstr(line, "unseen"));
	assert_non_null(strstr(line, " program=test level=info event=seen "
				     "user=\"ann\\x0aevent=forged \\\"x\\\"\\\\\" "
				     "bad=\"\\xff\" plain=a-b.c "
				     "csi=\"\\xc2\\x9b2J\xc2\xa0\xc3\x9f\" "
				     "turned=\"\\xe2\\x80\\xaeb\xe2\x82\xac\"\n"));
	assert_ptr_equal(strchr(line, '\n'), line + n - 1);
	close(fd);
	unlink(path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cuts_at_the_first_separator),
		cmocka_unit_test(reads_only_canonical_integers),
		cmocka_unit_test(knows_well_formed_utf8),
		cmocka_unit_test(buffer_refuses_what_does_not_fit),
		cmocka_unit_test(base64url_round_trips_every_length),
		cmocka_unit_test(base64url_refuses_every_other_form),
		cmocka_unit_test(base64url_knows_its_alphabet),
		cmocka_unit_test(base64url_knows_its_alphabet_at_the_end),
		cmocka_unit_test(finds_control_characters),
		cmocka_unit_test(log_line_cannot_be_forged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
