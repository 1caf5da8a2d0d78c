#include "check.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/sanitized.h"
#include "people/password.h"
#include "people/password_kind.h"

static const struct password_cost cheap = { 1024 * 1024, 2 };
static const struct str word = { "p\xc3\xa4ssword", 9 };

static struct password_answer
check(const char *hash, struct str password)
{
	struct password_answer a;
	unsigned long before = password_count();

	assert_int_equal(password_check(&cheap, str_of(hash), password, &a, NULL),
			 ERR_OK);
	assert_int_equal(password_count(), before + 1); /* whatever it was */
	return a;
}

static void
accepts_what_it_hashed_and_nothing_else(void **state)
{
	char hash[PASSWORD_HASH_SIZE], again[PASSWORD_HASH_SIZE];
	struct password_answer a;

	(void)state;
	assert_int_equal(password_hash(&cheap, word, hash, NULL), ERR_OK);
	assert_int_equal(password_hash(&cheap, word, again, NULL), ERR_OK);
	assert_true(strncmp(hash, "$argon2id$v=19$m=1024,t=2,p=1$", 30) == 0);
	assert_string_not_equal(hash, again); /* salted */
	a = check(hash, word);
	assert_true(a.match);
	assert_false(a.upgrade);
	assert_false(check(hash, str_sub(word, 0, word.n - 1)).match);
	assert_false(check(hash, STR("P\xc3\xa4ssword")).match);
}

static const struct {
	const char *hash;
	const char *password;
} foreign[] = {
	/* of the reference implementation's own tests */
	{ "$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ"
	  "$wWKIMhR9lyDFvRz9YTZweHKfbftvj+qf+YFY4NeBbtA",
	  "password" },
	/* by libargon2, four lanes */
	{ "$argon2i$v=19$m=4096,t=3,p=4$c29tZXNhbHQxMjM0NTY3OA"
	  "$oY9YpGnq2BeJD+BKzEkEjeEFteyUapCegH/Jrx7GQIE",
	  "password" },
	/* by crypt(3) */
	{ "$2a$05$abcdefghijklmnopqrstuucZGbUxuMlEqps0qcu2pjhO7vaatQZIC",
	  "p\xc3\xa4ssword" },
	{ "$2b$05$abcdefghijklmnopqrstuucZGbUxuMlEqps0qcu2pjhO7vaatQZIC",
	  "p\xc3\xa4ssword" },
	{ "$2y$05$abcdefghijklmnopqrstuucZGbUxuMlEqps0qcu2pjhO7vaatQZIC",
	  "p\xc3\xa4ssword" },
	{ "$y$j75$abcdefghijkl$fGXJv.UvG8BW22UxX73cxZ/fMUtuihh9I6Ck5ZLFvtB",
	  "p\xc3\xa4ssword" },
	{ "$y$j9T$abcdefghijkl$eo47EYPYIDwj3EniV5hF6PzTStuQ1OmLFtMinC2YL4.",
	  "p\xc3\xa4ssword" },
	{ "$6$saltsalt$"
	  "rVIyJtXnL0mXUCLepstXWqeOv9JVyd7nOH8wn0BvOU5lCiAviUJLxXZ5CkPgq6XNTHV2"
	  "2yG4mV0IO9gqPL5WQ.",
	  "p\xc3\xa4ssword" },
	{ "$6$rounds=1000$saltsalt$GRg0cJEHso4LJZYmvs6cl1YziCrkl3pvdLeF58R.fERGV/"
	  "fOgD8w6F4L"
	  "jko0wttVnHPN.v.Sy4JUmYierjxw6/",
	  "p\xc3\xa4ssword" },
	{ "$5$saltsalt$rQBvFGQx3u6doxkk7cvWbhhnhS2qa1.FI.tt6NGFH66", "p\xc3\xa4ssword" },
	{ "$5$rounds=2000$saltsalt$TxVplR5RcllpLl53V7.YtDoGUi8HcB2wg9Z.ZdZPkWA",
	  "p\xc3\xa4ssword" },
};

static void
accepts_older_kinds_and_asks_for_their_upgrade(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(foreign); i++) {
		struct password_answer a =
			check(foreign[i].hash, str_of(foreign[i].password));

		assert_true(a.match);
		assert_true(a.upgrade);
		assert_true(password_hash_is_supported(&cheap, str_of(foreign[i].hash)));
		assert_false(check(foreign[i].hash, STR("password1")).match);
	}
}

static void
upgrades_a_weaker_argon2id_but_not_a_stronger_one(void **state)
{
	static const struct password_cost less_memory = { 512 * 1024, 2 };
	static const struct password_cost less_time = { 1024 * 1024, 1 };
	static const struct password_cost more = { 2048 * 1024, 3 };
	char hash[PASSWORD_HASH_SIZE];

	(void)state;
	assert_int_equal(password_hash(&less_memory, word, hash, NULL), ERR_OK);
	assert_true(check(hash, word).upgrade);
	assert_int_equal(password_hash(&less_time, word, hash, NULL), ERR_OK);
	assert_true(check(hash, word).upgrade);
	assert_int_equal(password_hash(&more, word, hash, NULL), ERR_OK);
	assert_true(check(hash, word).match);
	assert_false(check(hash, word).upgrade);
}

static void
verifies_the_reference_vector(void **state)
{
	struct password_answer a = check("$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ"
					 "$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
					 STR("password"));

	(void)state;
	assert_true(a.match);
	assert_false(a.upgrade);
}

/* Not verified: unknown, malformed, or so costly that it must be a trap. */
static const char *const refused[] = {
	"plain",
	"*",
	"!",
	"$1$salt$qJH7.N4xYta3aEG/dfqo/0",
	"$2x$05$abcdefghijklmnopqrstuucZGbUxuMlEqps0qcu2pjhO7vaatQZIC",
	"$2b$31$abcdefghijklmnopqrstuucZGbUxuMlEqps0qcu2pjhO7vaatQZIC",
	"$2b$03$abcdefghijklmnopqrstuucZGbUxuMlEqps0qcu2pjhO7vaatQZIC",
	"$2b$05$abcdefghijklmnopqrstuucZGbUxuMlEqps0qcu2pjhO7vaatQZI",
	"$y$jFT$abcdefghijkl$eo47EYPYIDwj3EniV5hF6PzTStuQ1OmLFtMinC2YL4.",
	"$y$j9T/1$abcdefghijkl$eo47EYPYIDwj3EniV5hF6PzTStuQ1OmLFtMinC2YL4.",
	"$6$rounds=999999999$saltsalt$GRg0cJEHso4LJZYmvs6cl1YziCrkl3pvdLeF58R.fERGV/"
	"fOgD8w6F4L"
	"jko0wttVnHPN.v.Sy4JUmYierjxw6/",
	"$6$saltsalt$short",
	"$argon2id$v=19$m=1048576,t=2,p=1$c29tZXNhbHQ$"
	"CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
	"$argon2id$v=19$m=65536,t=4000000000,p=1$c29tZXNhbHQ"
	"$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
	"$argon2id$v=19$m=65536,t=200,p=1$c29tZXNhbHQ$"
	"CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
	"$argon2id$v=16$m=65536,t=2,p=1$c29tZXNhbHQ$"
	"CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
	"$argon2id$m=65536,t=2,p=1$c29tZXNhbHQ$"
	"CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
	"$argon2id$v=19$m=65536,t=2,p=1,x=1$c29tZXNhbHQ"
	"$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
	"$argon2id$v=19$m=65536,t=2$c29tZXNhbHQ$"
	"CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
	"$argon2d$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$"
	"CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
};

static void
refuses_hashes_that_are_foreign_malformed_or_absurd(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(refused); i++) {
		struct password_answer a = check(refused[i], STR("password"));

		assert_false(a.match);
		assert_true(a.unsupported);
		assert_false(password_hash_is_supported(&cheap, str_of(refused[i])));
	}
}

static void
a_costly_hash_is_good_where_the_settings_ask_for_it(void **state)
{
	static const struct password_cost own = { (size_t)1 << 30, 2 };
	const struct str hash = STR("$argon2id$v=19$m=1048576,t=2,p=1$c29tZXNhbHQ"
				    "$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc");
	struct password_cost its;

	(void)state;
	assert_int_equal(password_kind(hash, &own, &its), PASSWORD_KIND_ARGON2ID);
	assert_int_equal(its.memory, own.memory);
	assert_int_equal(password_kind(hash, &cheap, &its), PASSWORD_KIND_NONE);
}

/* What libsodium's preset for moderate needs makes is good; a KiB more is refused. */
static void
imports_are_bounded_by_what_a_login_may_take(void **state)
{
	static const struct password_cost usual = { 19 * 1024 * 1024, 2 };
	static const struct password_cost large = { (size_t)512 * 1024 * 1024, 1 };
	const struct str most = STR("$argon2id$v=19$m=262144,t=3,p=1$c29tZXNhbHQ"
				    "$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc");
	const struct str more = STR("$argon2id$v=19$m=262145,t=1,p=1$c29tZXNhbHQ"
				    "$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc");

	(void)state;
	assert_true(password_hash_is_supported(&usual, most));
	assert_false(password_hash_is_supported(&usual, more));
	assert_true(password_hash_is_supported(&large, more));
	assert_int_equal(password_memory_most(usual.memory), 262144 * 1024);
	assert_int_equal(password_memory_most(large.memory), large.memory);
}

/* 0: it matched. 1: no memory. Others: it was taken for another password, or worse. */
static int
check_in_little_memory(const char *hash, struct str password, rlim_t bytes)
{
	struct password_answer a;
	struct rlimit limit;
	int status;
	pid_t child = fork();

	if (child == 0) {
		getrlimit(RLIMIT_AS, &limit);
		limit.rlim_cur = bytes;
		if (!SANITIZED)
			setrlimit(RLIMIT_AS, &limit);
		switch (password_check(&cheap, str_of(hash), password, &a, NULL)) {
		case ERR_OK:
			_exit(a.match ? 0 : a.unsupported ? 2 : 3);
		case ERR_MEMORY:
			_exit(1);
		default:
			_exit(4);
		}
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 5;
}

/* How much address space this process has. */
static rlim_t
in_use(void)
{
	unsigned long pages = 0;
	FILE *f = fopen("/proc/self/statm", "r");

	assert_non_null(f);
	assert_int_equal(fscanf(f, "%lu", &pages), 1);
	fclose(f);
	return (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE);
}

static void
too_little_memory_is_never_another_password(void **state)
{
	static const char ours[] = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ"
				   "$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
	char standard[PASSWORD_HASH_SIZE];
	static const struct password_cost some = { 16 * 1024 * 1024, 1 };
	int seen = 0;

	(void)state;
	assert_int_equal(password_hash(&some, word, standard, NULL), ERR_OK);
	for (rlim_t more = 0; more <= (SANITIZED ? 0 : 96); more += 4) {
		rlim_t bytes = in_use() + more * 1024 * 1024;
		int result = check_in_little_memory(standard, word, bytes);

		assert_in_range(result, 0, 1);
		seen |= 1 << result;
		assert_in_range(check_in_little_memory(ours, STR("password"), bytes), 0,
				1);
		for (size_t i = 0; i < COUNT(foreign); i++)
			assert_in_range(check_in_little_memory(
						foreign[i].hash,
						str_of(foreign[i].password), bytes),
					0, 1);
	}
	assert_int_equal(seen, SANITIZED ? 1 : 3);
}

static void
an_unknown_user_costs_one_hash_and_never_matches(void **state)
{
	struct password_answer a = check("", STR("password"));

	(void)state;
	assert_false(a.match);
	assert_false(a.unsupported);
	assert_false(check("", STR("")).match);
}

static void
refuses_to_let_bcrypt_cut_a_password(void **state)
{
	static const char hash[] =
		"$2b$04$abcdefghijklmnopqrstuubzadhGtS2zEF.gu0yd0opP6cVzb.e0i";
	char x[73];

	(void)state;
	memset(x, 'x', sizeof(x));
	assert_true(check(hash, (struct str){ x, 72 }).match);
	assert_false(check(hash, (struct str){ x, 73 }).match);
}

static void
refuses_passwords_that_are_no_text(void **state)
{
	char hash[PASSWORD_HASH_SIZE], long_one[PASSWORD_MAX + 1];
	const struct str bad[] = {
		STR(""), STR("a\0b"), STR("\xff\xfe"), { long_one, sizeof(long_one) }
	};

	(void)state;
	memset(long_one, 'x', sizeof(long_one));
	for (size_t i = 0; i < COUNT(bad); i++) {
		assert_false(password_is_text(bad[i]));
		assert_int_not_equal(password_hash(&cheap, bad[i], hash, NULL), ERR_OK);
		assert_string_equal(hash, "");
	}
	assert_int_equal(password_hash(&cheap, STR("a"), hash, NULL), ERR_OK);
	assert_false(check(hash, STR("a\0b")).match);
	assert_int_equal(
		password_hash(&cheap, (struct str){ long_one, PASSWORD_MAX }, hash, NULL),
		ERR_OK);
	assert_true(check(hash, (struct str){ long_one, PASSWORD_MAX }).match);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(accepts_what_it_hashed_and_nothing_else),
		cmocka_unit_test(accepts_older_kinds_and_asks_for_their_upgrade),
		cmocka_unit_test(imports_are_bounded_by_what_a_login_may_take),
		cmocka_unit_test(too_little_memory_is_never_another_password),
		cmocka_unit_test(upgrades_a_weaker_argon2id_but_not_a_stronger_one),
		cmocka_unit_test(verifies_the_reference_vector),
		cmocka_unit_test(refuses_hashes_that_are_foreign_malformed_or_absurd),
		cmocka_unit_test(a_costly_hash_is_good_where_the_settings_ask_for_it),
		cmocka_unit_test(an_unknown_user_costs_one_hash_and_never_matches),
		cmocka_unit_test(refuses_to_let_bcrypt_cut_a_password),
		cmocka_unit_test(refuses_passwords_that_are_no_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
