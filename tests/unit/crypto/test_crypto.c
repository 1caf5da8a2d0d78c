#include "check.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypto/hash.h"
#include "crypto/mac.h"
#include "crypto/random.h"
#include "crypto/seal.h"
#include "crypto/secret.h"

static void
to_hex(const unsigned char *bytes, size_t n, char *hex)
{
	for (size_t i = 0; i < n; i++)
		snprintf(hex + 2 * i, 3, "%02x", bytes[i]);
}

/* FIPS 180-4's examples. */
static void
computes_sha256(void **state)
{
	unsigned char out[SHA256_SIZE];
	char hex[2 * SHA256_SIZE + 1];

	(void)state;
	assert_int_equal(sha256(STR("abc"), out), ERR_OK);
	to_hex(out, sizeof(out), hex);
	assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223"
				 "b00361a396177a9cb410ff61f20015ad");
	assert_int_equal(sha256((struct str){ NULL, 0 }, out), ERR_OK);
	to_hex(out, sizeof(out), hex);
	assert_string_equal(hex, "e3b0c44298fc1c149afbf4c8996fb924"
				 "27ae41e4649b934ca495991b7852b855");
}

/* RFC 4231, test case 2; a MAC made ready serves again and again. */
static void
computes_hmac(void **state)
{
	static const struct {
		enum mac_hash hash;
		const char *hex;
	} table[] = {
		{ MAC_SHA256, "5bdcc146bf60754e6a042426089575c7"
			      "5a003f089d2739839dec58b964ec3843" },
		{ MAC_SHA384, "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47"
			      "e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649" },
		{ MAC_SHA512, "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd6"
			      "10270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fd"
			      "caeab1a34d4a6b4b636e070a38bce737" },
	};
	struct str message = STR("what do ya want for nothing?");
	unsigned char out[MAC_MAX], once[32];
	char hex[2 * MAC_MAX + 1];
	struct mac *m;
	size_t n;

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		assert_int_equal(mac_open(&m, table[i].hash, STR("Jefe")), ERR_OK);
		for (int turn = 0; turn < 3; turn++) {
			assert_int_equal(mac_compute(m, message, out, &n), ERR_OK);
			to_hex(out, n, hex);
			assert_string_equal(hex, table[i].hex);
			assert_int_equal(mac_compute(m, STR("another"), out, &n), ERR_OK);
		}
		mac_close(m);
	}
	mac_close(NULL);
	assert_int_equal(mac_sha256(STR("Jefe"), message, once), ERR_OK);
	to_hex(once, sizeof(once), hex);
	assert_string_equal(hex, table[0].hex);
	assert_int_equal(mac_sha256(STR(""), STR(""), once), ERR_OK);
	to_hex(once, sizeof(once), hex);
	assert_string_equal(hex, "b613679a0814d9ec772f95d778c35fc5"
				 "ff1697c493715653c6c712144292c5ad");
}

static void
random_bytes_differ(void **state)
{
	unsigned char a[32] = { 0 }, b[32] = { 0 };

	(void)state;
	assert_int_equal(random_bytes(a, sizeof(a)), ERR_OK);
	assert_int_equal(random_bytes(b, sizeof(b)), ERR_OK);
	assert_memory_not_equal(a, b, sizeof(a));
}

static void
secrets_are_equal_in_all_or_not(void **state)
{
	(void)state;
	assert_true(secret_equal(STR("secret"), STR("secret")));
	assert_true(secret_equal((struct str){ NULL, 0 }, STR("")));
	assert_false(secret_equal(STR("secret"), STR("secres")));
	assert_false(secret_equal(STR("secret"), STR("secre")));
	assert_false(secret_equal(STR("secret"), STR("")));
	assert_false(secret_equal(STR("a\0b"), STR("a\0c")));
}

/* Wherever they differ: it is compared piece by piece. */
static void
secrets_differ_by_any_byte(void **state)
{
	char a[50], b[50];

	(void)state;
	memset(a, 'x', sizeof(a));
	memset(b, 'x', sizeof(b));
	for (size_t n = 1; n <= sizeof(a); n++) {
		assert_true(secret_equal((struct str){ a, n }, (struct str){ b, n }));
		for (size_t i = 0; i < n; i++) {
			b[i] ^= 1;
			assert_false(
				secret_equal((struct str){ a, n }, (struct str){ b, n }));
			b[i] ^= 1;
		}
	}
}

static char path[] = "/tmp/doorward-secret-XXXXXX";

static enum err
read_with_mode(mode_t mode, size_t max, struct buf *out)
{
	struct why why = { 0 };
	enum err e;

	assert_int_equal(chmod(path, mode), 0);
	e = secret_read_file(path, max, out, &why);
	if (e != ERR_OK) {
		assert_non_null(strstr(why.text, path));
		assert_null(strstr(why.text, "hunter2"));
	}
	return e;
}

static void
reads_only_what_others_cannot(void **state)
{
	static const mode_t refused[] = { 0604, 0644, 0602, 0620, 0660, 0606, 0777 };
	static const mode_t taken[] = { 0400, 0440, 0600, 0640, 0700, 0611 };
	struct buf out;
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "hunter2\n", 8), 8);
	close(fd);
	buf_init(&out, 100);
	buf_addz(&out, "before ");
	for (size_t i = 0; i < COUNT(refused); i++) {
		assert_int_equal(read_with_mode(refused[i], 100, &out), ERR_PERMISSION);
		assert_int_equal(out.n, 7);
	}
	for (size_t i = 0; i < COUNT(taken); i++) {
		assert_int_equal(read_with_mode(taken[i], 8, &out), ERR_OK);
		assert_string_equal(buf_z(&out) + 7, "hunter2\n");
		buf_clear(&out);
		buf_addz(&out, "before ");
	}
	assert_int_equal(read_with_mode(0600, 7, &out), ERR_LIMIT);
	assert_int_equal(out.n, 7);
	unlink(path);
	buf_done(&out);
}

static void
reads_only_regular_files(void **state)
{
	static const char *const others[] = { "/dev/zero", "/dev/null", "/tmp" };
	struct why why;
	struct buf out;

	(void)state;
	buf_init(&out, 100);
	for (size_t i = 0; i < COUNT(others); i++)
		assert_int_equal(secret_read_file(others[i], 100, &out, &why),
				 ERR_PERMISSION);
	assert_int_equal(secret_read_file("/nonexistent/x", 100, &out, &why),
			 ERR_NOT_FOUND);
	assert_int_equal(out.n, 0);
	buf_done(&out);
}

/* The label separates the keys, whatever the secret. */
static void
opens_only_what_was_sealed_for_that_purpose(void **state)
{
	struct str secret = STR("0123456789abcdef0123456789abcdef");
	const struct seal with = { secret, STR("one"), STR("about") };
	const struct seal others[] = { { secret, STR("other"), STR("about") },
				       { secret, STR("one"), STR("") },
				       { STR("0123456789abcdef0123456789abcdeF"),
					 STR("one"), STR("about") } };
	struct buf sealed, out;
	bool good = false;

	(void)state;
	buf_init(&sealed, 100);
	buf_init(&out, 100);
	assert_int_equal(seal_close(&with, STR("hello"), &sealed), ERR_OK);
	assert_int_equal(sealed.n, 5 + SEAL_MORE);
	assert_int_equal(seal_open(&with, buf_str(&sealed), &out, &good), ERR_OK);
	assert_true(good && str_is(buf_str(&out), "hello"));
	for (size_t i = 0; i < COUNT(others); i++) {
		assert_int_equal(seal_open(&others[i], buf_str(&sealed), &out, &good),
				 ERR_OK);
		assert_true(!good && out.n == 5);
	}
	buf_done(&sealed);
	buf_done(&out);
}

static void
refuses_a_key_of_31_bytes(void **state)
{
	char key[] = "/tmp/doorward-key-XXXXXX";
	int fd = mkstemp(key);
	struct buf out;
	struct why why;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "0123456789abcdef0123456789abcdef", 31), 31);
	buf_init(&out, SECRET_KEY_MAX);
	assert_int_equal(secret_read_key(key, &out, &why), ERR_LIMIT);
	assert_non_null(strstr(why.text, "shorter than 32 bytes"));
	buf_clear(&out);
	assert_int_equal(write(fd, "f", 1), 1);
	assert_int_equal(secret_read_key(key, &out, &why), ERR_OK);
	assert_int_equal(out.n, 32);
	buf_done(&out);
	close(fd);
	unlink(key);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(computes_sha256),
		cmocka_unit_test(computes_hmac),
		cmocka_unit_test(random_bytes_differ),
		cmocka_unit_test(secrets_are_equal_in_all_or_not),
		cmocka_unit_test(secrets_differ_by_any_byte),
		cmocka_unit_test(reads_only_what_others_cannot),
		cmocka_unit_test(reads_only_regular_files),
		cmocka_unit_test(refuses_a_key_of_31_bytes),
		cmocka_unit_test(opens_only_what_was_sealed_for_that_purpose),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
