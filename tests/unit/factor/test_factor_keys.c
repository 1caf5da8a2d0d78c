#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "factor/factor_keys.h"

#define USER STR("0b51a3a4-5d0e-4c7e-9a6f-3b1d3c2f7a10")
#define SECRET STR("12345678901234567890")

static char directory[64];

static void
path_of(const char *name, char path[256])
{
	snprintf(path, 256, "%s/%s", directory, name);
}

/* A key of `n` times the byte `fill`. */
static void
put_key(const char *name, int fill, int n, mode_t mode)
{
	char path[256];
	FILE *f;

	path_of(name, path);
	unlink(path);
	assert_non_null(f = fopen(path, "w"));
	for (int i = 0; i < n; i++)
		fputc(fill, f);
	fclose(f);
	assert_int_equal(chmod(path, mode), 0);
}

static void
remove_key(const char *name)
{
	char path[256];

	path_of(name, path);
	assert_int_equal(unlink(path), 0);
}

static int
make_directory(void **state)
{
	(void)state;
	snprintf(directory, sizeof(directory), "/tmp/factor-keys-XXXXXX");
	return mkdtemp(directory) == NULL;
}

static int
remove_directory(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", directory);
	return system(command);
}

static void
refuses(enum err expected, const char *word)
{
	struct factor_keys *keys;
	struct why why = { "" };

	assert_int_equal(factor_keys_open(directory, &keys, &why), expected);
	assert_null(keys);
	assert_non_null(strstr(why.text, directory));
	assert_non_null(strstr(why.text, word));
}

/* A secret under the current key of `keys`. */
static void
seal(const struct factor_keys *keys, char id[FACTOR_KEY_ID], struct buf *sealed)
{
	struct why why;

	buf_init(sealed, FACTOR_SEALED_MAX);
	assert_int_equal(factor_seal(keys, USER, SECRET, id, sealed, &why), ERR_OK);
}

static enum err
unseal(const struct factor_keys *keys, struct str user, const char *id,
       const struct buf *sealed, bool *stale)
{
	struct buf secret;
	struct why why;
	enum err e;

	buf_init(&secret, 64);
	e = factor_unseal(keys, user, str_of(id), buf_str(sealed), &secret, stale, &why);
	if (e == ERR_OK)
		assert_true(str_eq(buf_str(&secret), SECRET));
	else
		assert_int_equal(secret.n, 0);
	buf_done(&secret);
	return e;
}

static void
opens_what_the_current_key_sealed(void **state)
{
	struct factor_keys *keys;
	char id[FACTOR_KEY_ID];
	struct buf sealed;
	struct why why;
	bool stale;

	(void)state;
	put_key("2026-01", 'a', 32, 0600);
	put_key("2026-02", 'b', 48, 0640);
	assert_int_equal(factor_keys_open(directory, &keys, &why), ERR_OK);
	assert_true(str_is(factor_keys_id(keys, 0), "2026-01"));
	assert_true(str_is(factor_keys_id(keys, 1), "2026-02"));
	assert_int_equal(factor_keys_id(keys, 2).n, 0);
	seal(keys, id, &sealed);
	assert_string_equal(id, "2026-02");
	assert_int_equal(unseal(keys, USER, id, &sealed, &stale), ERR_OK);
	assert_false(stale);
	buf_done(&sealed);
	factor_keys_close(keys);
}

static void
refuses_another_user_and_changed_bytes(void **state)
{
	struct factor_keys *keys;
	char id[FACTOR_KEY_ID];
	struct buf sealed;
	struct why why;
	bool stale;

	(void)state;
	put_key("k", 'a', 32, 0600);
	assert_int_equal(factor_keys_open(directory, &keys, &why), ERR_OK);
	seal(keys, id, &sealed);
	assert_int_equal(unseal(keys, STR("0b51a3a4-5d0e-4c7e-9a6f-3b1d3c2f7a11"), id,
				&sealed, &stale),
			 ERR_CRYPTO);
	for (size_t i = 0; i < sealed.n; i++) {
		sealed.p[i] ^= 1;
		assert_int_equal(unseal(keys, USER, id, &sealed, &stale), ERR_CRYPTO);
		sealed.p[i] ^= 1;
	}
	assert_int_equal(unseal(keys, USER, id, &sealed, &stale), ERR_OK);
	buf_done(&sealed);
	factor_keys_close(keys);
}

static void
seals_with_a_new_key_as_soon_as_its_file_is_there(void **state)
{
	struct factor_keys *keys;
	char id[FACTOR_KEY_ID];
	struct buf sealed;
	struct why why;
	bool stale;

	(void)state;
	put_key("a", 'a', 32, 0600);
	assert_int_equal(factor_keys_open(directory, &keys, &why), ERR_OK);
	seal(keys, id, &sealed);
	put_key("b", 'b', 32, 0600);
	usleep(1100000);
	assert_int_equal(factor_keys_follow(keys, &why), ERR_OK);
	assert_int_equal(unseal(keys, USER, "a", &sealed, &stale), ERR_OK);
	assert_true(stale);
	assert_int_equal(unseal(keys, USER, "b", &sealed, &stale), ERR_CRYPTO);
	buf_done(&sealed);
	seal(keys, id, &sealed);
	assert_string_equal(id, "b");
	remove_key("a");
	remove_key("b");
	put_key("b", 'c', 32, 0600);
	usleep(1100000);
	assert_int_equal(factor_keys_follow(keys, &why), ERR_OK);
	assert_int_equal(unseal(keys, USER, "a", &sealed, &stale), ERR_NOT_FOUND);
	assert_int_equal(unseal(keys, USER, "b", &sealed, &stale), ERR_CRYPTO);
	buf_done(&sealed);
	factor_keys_close(keys);
}

static void
forgets_the_keys_when_the_directory_is_gone(void **state)
{
	struct factor_keys *keys;
	char id[FACTOR_KEY_ID];
	struct buf sealed;
	struct why why;
	bool stale;

	(void)state;
	put_key("a", 'a', 32, 0600);
	assert_int_equal(factor_keys_open(directory, &keys, &why), ERR_OK);
	seal(keys, id, &sealed);
	remove_directory(NULL);
	usleep(1100000);
	assert_int_equal(factor_keys_follow(keys, &why), ERR_NOT_FOUND);
	assert_int_equal(unseal(keys, USER, "a", &sealed, &stale), ERR_NOT_FOUND);
	assert_int_equal(factor_seal(keys, USER, SECRET, id, &sealed, &why),
			 ERR_NOT_FOUND);
	assert_string_equal(id, "");
	assert_int_equal(mkdir(directory, 0700), 0);
	put_key("a", 'a', 32, 0600);
	usleep(1100000);
	assert_int_equal(factor_keys_follow(keys, &why), ERR_OK);
	assert_int_equal(unseal(keys, USER, "a", &sealed, &stale), ERR_OK);
	buf_done(&sealed);
	factor_keys_close(keys);
}

static void
waits_for_a_directory_that_is_not_there_yet(void **state)
{
	struct factor_keys *keys;
	char id[FACTOR_KEY_ID];
	struct buf sealed;
	struct why why;

	(void)state;
	assert_int_equal(factor_keys_watch(directory, &keys, &why), ERR_NOT_FOUND);
	assert_non_null(keys);
	buf_init(&sealed, FACTOR_SEALED_MAX);
	assert_int_equal(factor_seal(keys, USER, SECRET, id, &sealed, &why),
			 ERR_NOT_FOUND);
	assert_non_null(strstr(why.text, "has no key"));
	buf_done(&sealed);
	factor_keys_close(keys);
}

static void
refuses_an_empty_directory(void **state)
{
	(void)state;
	refuses(ERR_NOT_FOUND, "has no key");
}

static void
refuses_a_directory_that_everybody_may_write(void **state)
{
	(void)state;
	put_key("a", 'a', 32, 0600);
	assert_int_equal(chmod(directory, 0707), 0);
	refuses(ERR_PERMISSION, "chmod o-w");
}

static void
refuses_a_key_that_others_can_read(void **state)
{
	(void)state;
	put_key("a", 'a', 32, 0600);
	put_key("b", 'b', 32, 0604);
	refuses(ERR_PERMISSION, "/b");
}

static void
refuses_a_key_that_is_too_short(void **state)
{
	(void)state;
	put_key("a", 'a', 31, 0600);
	refuses(ERR_LIMIT, "/a");
}

static void
refuses_names_that_are_no_ids(void **state)
{
	static const char *const names[] = { "Key", "a.key",
					     "a_b", "a~",
					     "a b", "abcdefghijklmnopqrstuvwxyz0123456" };

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		put_key(names[i], 'a', 32, 0600);
		refuses(ERR_SYNTAX, "name");
		remove_key(names[i]);
	}
}

static void
leaves_out_files_that_begin_with_a_dot(void **state)
{
	struct factor_keys *keys;
	struct why why;

	(void)state;
	put_key(".new", 'a', 5, 0644);
	put_key("abcdefghijklmnopqrstuvwxyz012345", 'a', 32, 0600);
	assert_int_equal(factor_keys_open(directory, &keys, &why), ERR_OK);
	assert_int_equal(factor_keys_id(keys, 1).n, 0);
	factor_keys_close(keys);
}

static void
refuses_a_file_in_place_of_the_directory(void **state)
{
	struct factor_keys *keys;
	struct why why;
	char path[256];

	(void)state;
	put_key("a", 'a', 32, 0600);
	path_of("a", path);
	assert_int_equal(factor_keys_open(path, &keys, &why), ERR_NOT_FOUND);
	assert_non_null(strstr(why.text, "is not a directory"));
	factor_keys_close(NULL);
}

#define EACH(f) cmocka_unit_test_setup_teardown(f, make_directory, remove_directory)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		EACH(opens_what_the_current_key_sealed),
		EACH(refuses_another_user_and_changed_bytes),
		EACH(seals_with_a_new_key_as_soon_as_its_file_is_there),
		EACH(forgets_the_keys_when_the_directory_is_gone),
		EACH(waits_for_a_directory_that_is_not_there_yet),
		EACH(refuses_an_empty_directory),
		EACH(refuses_a_directory_that_everybody_may_write),
		EACH(refuses_a_key_that_others_can_read),
		EACH(refuses_a_key_that_is_too_short),
		EACH(refuses_names_that_are_no_ids),
		EACH(leaves_out_files_that_begin_with_a_dot),
		EACH(refuses_a_file_in_place_of_the_directory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
