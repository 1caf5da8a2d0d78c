#include "keyset_fixture.h"

#include <sys/resource.h>

static char directory[] = "/tmp/doorward-keys-XXXXXX";
static char log_path[sizeof(directory) + 8];

static const char *
in_directory(const char *name)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	return path;
}

static void
put(const char *name, const char *text, mode_t mode)
{
	const char *path = in_directory(name);
	int fd;

	unlink(path);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, mode);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

static void
clear(void)
{
	static const char *const names[] = { "a.jwk",  "b.jwk",    "c.json",
					     "d.txt",  ".e.jwk",   "f.jwk.new",
					     "log",    "link.jwk", "fifo.jwk",
					     "sub.jwk" };

	for (size_t i = 0; i < COUNT(names); i++)
		if (unlink(in_directory(names[i])) != 0)
			rmdir(in_directory(names[i]));
	chmod(directory, 0700);
}

static int
make_directory(void **state)
{
	(void)state;
	return mkdtemp(directory) == NULL ? -1 : 0;
}

static int
remove_directory(void **state)
{
	(void)state;
	clear();
	return rmdir(directory);
}

static enum err
load(const char *name, enum keyset_purpose purpose, size_t n)
{
	struct why why = { 0 };
	struct keyset set;
	enum err e = keyset_load(in_directory(name), purpose, &set, &why);

	assert_int_equal(set.n, e == ERR_OK ? n : 0);
	if (e != ERR_OK)
		assert_non_null(strstr(why.text, directory));
	keyset_done(&set);
	return e;
}

static void
loads_a_file_or_a_directory(void **state)
{
	(void)state;
	clear();
	put("a.jwk", "{" EC_PRIVATE "}", 0600);
	put("b.jwk", "{" EC2_PRIVATE "}", 0640);
	put("c.json", SET("{" OKP_PRIVATE "}"), 0400);
	put("d.txt", "not looked at", 0640);
	put(".e.jwk", "being written", 0644);
	put("f.jwk.new", "being written", 0644);
	assert_int_equal(load("a.jwk", KEYSET_SIGN, 1), ERR_OK);
	assert_int_equal(load("", KEYSET_SIGN, 3), ERR_OK);
	assert_int_equal(load("none.jwk", KEYSET_SIGN, 0), ERR_NOT_FOUND);
	assert_int_equal(load("a.jwk/x", KEYSET_SIGN, 0), ERR_NOT_FOUND);
	assert_int_equal(load("d.txt", KEYSET_SIGN, 0), ERR_SYNTAX);
	put("b.jwk", "{" EC2_PRIVATE, 0600);
	assert_int_equal(load("", KEYSET_SIGN, 3), ERR_SYNTAX);
	clear();
	assert_int_equal(load("", KEYSET_SIGN, 0), ERR_UNSUPPORTED);
}

static void
refuses_secrets_that_others_can_reach(void **state)
{
	static const mode_t open_modes[] = { 0604, 0644, 0602, 0620, 0660, 0666, 0777 };

	(void)state;
	clear();
	for (size_t i = 0; i < COUNT(open_modes); i++) {
		put("a.jwk", "{" EC_PRIVATE "}", open_modes[i]);
		assert_int_equal(load("a.jwk", KEYSET_SIGN, 1), ERR_PERMISSION);
		assert_int_equal(load("", KEYSET_SIGN, 1), ERR_PERMISSION);
		put("a.jwk", "{" OCT "}", open_modes[i]);
		assert_int_equal(load("a.jwk", KEYSET_VERIFY, 1), ERR_PERMISSION);
		put("a.jwk", "{" EC_PRIVATE ",\"use\":\"enc\"}", open_modes[i]);
		assert_int_equal(load("a.jwk", KEYSET_DECRYPT, 1), ERR_PERMISSION);
	}
	put("a.jwk", "{" EC_PUBLIC "}", 0664);
	assert_int_equal(load("a.jwk", KEYSET_VERIFY, 1), ERR_OK);
	put("a.jwk", "{" EC_PUBLIC "}", 0646);
	assert_int_equal(load("a.jwk", KEYSET_VERIFY, 1), ERR_PERMISSION);
	put("a.jwk", "{" EC_PRIVATE "}", 0600);
	assert_int_equal(chmod(directory, 0777), 0);
	assert_int_equal(load("", KEYSET_SIGN, 1), ERR_PERMISSION);
	clear();
}

static void
refuses_what_is_no_regular_file(void **state)
{
	(void)state;
	clear();
	put("a.jwk", "{" EC_PRIVATE "}", 0600);
	assert_int_equal(symlink("a.jwk", in_directory("link.jwk")), 0);
	assert_int_equal(load("link.jwk", KEYSET_SIGN, 1), ERR_OK);
	assert_int_equal(unlink(in_directory("link.jwk")), 0);
	assert_int_equal(mkfifo(in_directory("fifo.jwk"), 0600), 0);
	assert_int_equal(load("fifo.jwk", KEYSET_SIGN, 1), ERR_PERMISSION);
	assert_int_equal(load("", KEYSET_SIGN, 1), ERR_PERMISSION);
	clear();
	put("a.jwk", "{" EC_PRIVATE "}", 0600);
	assert_int_equal(mkdir(in_directory("sub.jwk"), 0700), 0);
	assert_int_equal(load("", KEYSET_SIGN, 1), ERR_PERMISSION);
	clear();
}

static void
refuses_a_file_that_is_too_long(void **state)
{
	char *text = malloc(KEYSET_BYTES + 2);

	(void)state;
	assert_non_null(text);
	clear();
	memset(text, ' ', KEYSET_BYTES + 1);
	memcpy(text, "{" EC_PRIVATE "}", strlen("{" EC_PRIVATE "}"));
	text[KEYSET_BYTES] = '\0';
	put("a.jwk", text, 0600);
	assert_int_equal(load("a.jwk", KEYSET_SIGN, 1), ERR_OK);
	text[KEYSET_BYTES] = ' ';
	text[KEYSET_BYTES + 1] = '\0';
	put("a.jwk", text, 0600);
	assert_int_equal(load("a.jwk", KEYSET_SIGN, 1), ERR_LIMIT);
	free(text);
	clear();
}

/* A key read while the watch is made to look at once. */
static struct keyset *
look(struct keyset_watch *w)
{
	w->watch.next_ms = 0;
	return keyset_watch_now(w);
}

static void
watch_notices_a_change(void **state)
{
	struct keyset_watch w;
	struct why why;

	(void)state;
	clear();
	put("a.jwk", "{" EC_PRIVATE ",\"kid\":\"a\"}", 0600);
	assert_int_equal(keyset_watch_open(&w, directory, KEYSET_SIGN, &why), ERR_OK);
	assert_int_equal(w.generation, 1);
	assert_int_equal(keyset_watch_now(&w)->n, 1);
	assert_int_equal(look(&w)->n, 1);
	assert_int_equal(w.generation, 1); /* looked again, found the same */
	put("b.jwk", "{" EC2_PRIVATE ",\"kid\":\"b\"}", 0600);
	assert_int_equal(keyset_watch_now(&w)->n, 1); /* not before a second has passed */
	assert_int_equal(look(&w)->n, 2);
	assert_int_equal(w.generation, 2);
	/* the same length, in the same tick of the clock, in place */
	put("b.jwk", "{" EC2_PRIVATE ",\"kid\":\"c\"}", 0600);
	assert_true(str_is(jwk_kid(&look(&w)->keys[1]), "c"));
	assert_int_equal(w.generation, 3);
	assert_int_equal(unlink(in_directory("b.jwk")), 0);
	assert_int_equal(look(&w)->n, 1);
	assert_int_equal(w.generation, 4);
	keyset_watch_close(&w);
	keyset_watch_close(&w);
	clear();
}

static unsigned
lines_of_log(const char *event)
{
	char text[16384];
	int fd = open(log_path, O_RDONLY);
	ssize_t n = read(fd, text, sizeof(text) - 1);
	unsigned count = 0;

	assert_true(n >= 0);
	text[n] = '\0';
	close(fd);
	for (const char *p = text; (p = strstr(p, event)) != NULL; p++)
		count++;
	return count;
}

static void
open_watch(struct keyset_watch *w)
{
	struct why why = { "" };

	clear();
	put("a.jwk", "{" EC_PRIVATE ",\"kid\":\"a\"}", 0600);
	snprintf(log_path, sizeof(log_path), "%s/log", directory);
	assert_int_equal(log_to_file(log_path, &why), ERR_OK);
	assert_int_equal(keyset_watch_open(w, in_directory("a.jwk"), KEYSET_SIGN, &why),
			 ERR_OK);
}

static void
close_watch(struct keyset_watch *w)
{
	keyset_watch_close(w);
	assert_int_equal(log_to_file(NULL, NULL), ERR_OK);
	clear();
}

static void
watch_keeps_the_last_good_set_of_what_cannot_be_parsed(void **state)
{
	static const char *const broken[] = {
		"{" EC2_PRIVATE, /* cut short */
		"",
		"{" EC2_PRIVATE "}{}",
		"{\"kty\":\"EC\",\"crv\":\"P-256\"}",
	};
	struct keyset_watch w;

	(void)state;
	open_watch(&w);
	for (size_t i = 0; i < COUNT(broken); i++) {
		put("a.jwk", broken[i], 0600);
		for (int k = 0; k < 3; k++)
			assert_true(str_is(jwk_kid(&look(&w)->keys[0]), "a"));
		assert_int_equal(lines_of_log("event=file_refused_old_one_stays"), i + 1);
	}
	assert_int_equal(w.generation, 1);
	put("a.jwk", "{" EC2_PRIVATE ",\"kid\":\"b\"}", 0600);
	assert_true(str_is(jwk_kid(&look(&w)->keys[0]), "b"));
	assert_int_equal(lines_of_log("event=file_good_again"), 1);
	assert_int_equal(w.generation, 2);
	close_watch(&w);
}

static void
watch_keeps_it_for_ten_minutes_and_says_so_each(void **state)
{
	struct keyset_watch w;

	(void)state;
	open_watch(&w);
	put("a.jwk", "{", 0600);
	for (unsigned i = 0; i < 10; i++) {
		assert_non_null(look(&w));
		assert_int_equal(lines_of_log("event=file_refused_old_one_stays"), i + 1);
		w.watch.keep_until -= 60000; /* a minute later */
		w.watch.say_ms -= 60000;
	}
	assert_null(look(&w));
	assert_null(keyset_watch_now(&w));
	assert_int_equal(lines_of_log("event=file_refused "), 1);
	assert_int_equal(w.generation, 2); /* what it proved is void */
	/* another broken file does not bring it back */
	put("a.jwk", "{}", 0600);
	assert_null(look(&w));
	put("a.jwk", "{" EC_PRIVATE ",\"kid\":\"a\"}", 0600);
	assert_non_null(look(&w));
	assert_int_equal(w.generation, 3);
	close_watch(&w);
}

static void
watch_refuses_keys_that_are_gone_or_open_at_once(void **state)
{
	static const struct {
		const char *text;
		mode_t mode;
	} bad[] = {
		{ "{" EC_PRIVATE "}", 0644 }, /* readable by all */
		{ "{" EC_PRIVATE "}", 0620 }, /* writable by the group */
		{ "{", 0644 },                /* maybe a secret */
		{ "{" EC_PUBLIC "}", 0600 },  /* cannot sign */
		{ "{\"keys\":[]}", 0600 },    /* no key any more */
		{ "{\"kty\":\"new\"}", 0600 },
	};
	struct keyset_watch w;

	(void)state;
	open_watch(&w);
	for (size_t i = 0; i < COUNT(bad); i++) {
		put("a.jwk", bad[i].text, bad[i].mode);
		assert_null(look(&w));
		put("a.jwk", "{" EC_PRIVATE ",\"kid\":\"a\"}", 0600);
		assert_non_null(look(&w));
	}
	assert_int_equal(unlink(in_directory("a.jwk")), 0);
	assert_null(look(&w));
	/* nor does a broken file in its place bring the old ones back */
	put("a.jwk", "{", 0600);
	assert_null(look(&w));
	put("a.jwk", "{" EC_PRIVATE ",\"kid\":\"a\"}", 0600);
	assert_non_null(look(&w));
	close_watch(&w);
}

static void
watch_refuses_an_emptied_directory_at_once(void **state)
{
	struct keyset_watch w;
	struct why why;

	(void)state;
	clear();
	put("a.jwk", "{" EC_PUBLIC "}", 0644);
	assert_int_equal(keyset_watch_open(&w, directory, KEYSET_VERIFY, &why), ERR_OK);
	assert_non_null(look(&w));
	assert_int_equal(unlink(in_directory("a.jwk")), 0);
	assert_null(look(&w));
	put("a.jwk", "{" EC_PUBLIC "}", 0644);
	assert_non_null(look(&w));
	assert_int_equal(chmod(directory, 0777), 0);
	assert_null(look(&w));
	assert_int_equal(chmod(directory, 0700), 0);
	assert_non_null(look(&w));
	keyset_watch_close(&w);
	clear();
}

/* The stamp of a file that could not be read is not that of a judged one. */
static void
watch_reads_again_what_could_not_be_read_for_a_moment(void **state)
{
	struct rlimit limit, none;
	struct keyset_watch w;

	(void)state;
	open_watch(&w);
	assert_non_null(look(&w));
	put("a.jwk", "{" EC2_PRIVATE ",\"kid\":\"b\"}", 0600);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	none = limit;
	none.rlim_cur = 0;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	assert_true(str_is(jwk_kid(&look(&w)->keys[0]), "a"));
	assert_true(str_is(jwk_kid(&look(&w)->keys[0]), "a"));
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	/* at the next request, not at the next look, and though nothing has changed */
	w.watch.fresh = false;
	assert_true(str_is(jwk_kid(&keyset_watch_now(&w)->keys[0]), "b"));
	assert_int_equal(lines_of_log("event=file_refused_old_one_stays"), 1);
	close_watch(&w);
}

/* As an issuer's set that could not be read when the program started. */
static void
watch_that_failed_at_the_start_tries_again(void **state)
{
	struct rlimit limit, none;
	struct keyset_watch w;
	struct why why;

	(void)state;
	clear();
	put("a.jwk", "{" EC_PUBLIC "}", 0644);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	none = limit;
	none.rlim_cur = 0;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	assert_int_equal(
		keyset_watch_open(&w, in_directory("a.jwk"), KEYSET_VERIFY, &why),
		ERR_IO);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	w.watch.fresh = false;
	assert_non_null(keyset_watch_now(&w));
	keyset_watch_close(&w);
	clear();
}

static void
watch_may_start_without_a_good_set(void **state)
{
	struct keyset_watch w;
	struct why why;

	(void)state;
	clear();
	assert_int_equal(keyset_watch_open(&w, in_directory("a.jwk"), KEYSET_SIGN, &why),
			 ERR_NOT_FOUND);
	assert_null(keyset_watch_now(&w));
	put("a.jwk", "{" EC_PRIVATE "}", 0600);
	assert_non_null(look(&w));
	keyset_watch_close(&w);
	clear();
}

/* Mode alone changes, content and mtime do not. */
static void
watch_notices_a_secret_laid_open(void **state)
{
	struct keyset_watch w;

	(void)state;
	open_watch(&w);
	w.watch.fresh = false;
	assert_int_equal(chmod(in_directory("a.jwk"), 0644), 0);
	assert_null(look(&w));
	assert_non_null(strstr(w.watch.why.text, "others can read"));
	close_watch(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(loads_a_file_or_a_directory),
		cmocka_unit_test(refuses_secrets_that_others_can_reach),
		cmocka_unit_test(refuses_what_is_no_regular_file),
		cmocka_unit_test(refuses_a_file_that_is_too_long),
		cmocka_unit_test(watch_notices_a_change),
		cmocka_unit_test(watch_keeps_the_last_good_set_of_what_cannot_be_parsed),
		cmocka_unit_test(watch_keeps_it_for_ten_minutes_and_says_so_each),
		cmocka_unit_test(watch_refuses_keys_that_are_gone_or_open_at_once),
		cmocka_unit_test(watch_refuses_an_emptied_directory_at_once),
		cmocka_unit_test(watch_reads_again_what_could_not_be_read_for_a_moment),
		cmocka_unit_test(watch_that_failed_at_the_start_tries_again),
		cmocka_unit_test(watch_may_start_without_a_good_set),
		cmocka_unit_test(watch_notices_a_secret_laid_open),
	};

	return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
