#include "check.h"

#include <string.h>

#include "foreign/base64.h"
#include "foreign/foreign.h"

#define WORD "p\xc3\xa4ssword"

static const struct {
	const char *hash, *password;
	bool weak, quick;
} known[] = {
	/* of phpass' own test, and by passlib */
	{ "$P$9IQRaTwmfeRo7ud9Fh4E2PdI0S3r.L0", "test12345", false, true },
	{ "$H$9IQRaTwmfeRo7ud9Fh4E2PdI0S3r.L0", "test12345", false, true },
	{ "$P$6y5bWrxui6VO.IT/w.h5IGCZZ1cM3R1", WORD, false, true },
	/* by PHP, with the statement of WordPress 6.8's wp_hash_password() */
	{ "$wp$2y$05$HK57/5IG1bNNwSWtnBgFBeqrqRwhsJEa0d6kogZi5HYnDqyHC.B.S", WORD, false,
	  false },
	/* by Django 3.2 */
	{ "pbkdf2_sha256$1000$salt12345678$2s4oC98NedGCcYRvDq4+S9OX+hjZzeEAcIQiaFNFQCc=",
	  WORD, false, false },
	{ "pbkdf2_sha1$1000$salt12345678$vRFAZiWxhaSDiss+iujXb9Qu3Tw=", WORD, false,
	  false },
	{ "bcrypt_sha256$$2b$05$Ah03Nor6sWuFbjBqmD7poumetdg2q5fzuw5/PGM7XyKQ4ZZg.OmJW",
	  WORD, false, false },
	/* glewlwyd's first user, as the importer writes the hash of its init.sqlite3.sql */
	{ "pbkdf2_sha256$1000$1a5NTRwUaGuRPOJT$fOfvZC/"
	  "wR2cUSTWbW6YZueGyyDuFqwkoFlcNlRYWJsc=",
	  "password", false, false },
	/* by Python's hashlib, in the form of Django 4 */
	{ "scrypt$1024$salt12345678$8$1$/"
	  "iBdh0wEcnZwOkZf0n4b2yMD5bsQnQ7jLIxCIRbTBcH5HDyIau552"
	  "KHq4VWoHuW2dquaiWXjXkVxR2upDBPbJA==",
	  WORD, false, false },
	/* by htpasswd(1) of Apache 2.4; the second password is longer than an MD5 */
	{ "$apr1$VD19AB75$1Pu77PmoFxdbKBWw7KZuE1", WORD, true, true },
	{ "$apr1$s9.OeeUm$gEoAcafMJY5LDr0FK9dVS1",
	  "a password of more than sixteen bytes", true, true },
	{ "{SHA}I7dElEdfX4dJgLdnbVEeI9iG2mQ=", WORD, true, true },
	/* by passlib */
	{ "$apr1$/bdELRgV$f6Unb/s9f/gHvmyu/0o.e/", "x", true, true },
	{ "{SSHA}kHLiWV6Kr0LkcQBxGXfFwGCnLE4TQujd", WORD, true, true },
};

static bool
matches(const struct foreign_kind *kind, const char *hash, const char *password)
{
	bool match = true;

	assert_int_equal(kind->check(str_of(hash), str_of(password), &match), ERR_OK);
	return match;
}

static void
tells_the_password_of_each_from_others(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(known); i++) {
		size_t memory = 1;
		const struct foreign_kind *kind =
			foreign_find(str_of(known[i].hash), &memory);

		assert_non_null(kind);
		assert_true(matches(kind, known[i].hash, known[i].password));
		assert_false(matches(kind, known[i].hash, "password1"));
		assert_false(matches(kind, known[i].hash, "P\xc3\xa4ssword"));
		assert_int_equal(kind->weak, known[i].weak);
		assert_int_equal(kind->quick, known[i].quick);
		assert_true(memory < 2 * 1024 * 1024);
	}
}

/* Each character of a hash counts: none is cut off or skipped. */
static void
a_changed_character_never_matches(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(known); i++) {
		char hash[256];
		size_t n = strlen(known[i].hash), memory;

		if (strstr(known[i].hash, "$05$") != NULL)
			continue; /* bcrypt is libxcrypt's, and takes long */
		for (size_t k = 0; k < n; k++) {
			const struct foreign_kind *kind;

			memcpy(hash, known[i].hash, n + 1);
			if (strncmp(hash, "$H$", 3) == 0 && k == 1)
				continue; /* $P$ is the same */
			hash[k] = hash[k] == 'x' ? 'y' : 'x';
			kind = foreign_find(str_of(hash), &memory);
			if (kind != NULL)
				assert_false(matches(kind, hash, known[i].password));
		}
	}
}

static const char *const refused[] = {
	"",
	"$P$",
	"$P$5IQRaTwmfeRo7ud9Fh4E2PdI0S3r.L0 ",
	"$P$9IQRaTwmfeRo7ud9Fh4E2PdI0S3r.L",
	"$P$9IQRaTwmfeRo7ud9Fh4E2PdI0S3r.L00",
	"$P$9IQRaTwmfeRo7ud9Fh4E2PdI0S3r.L!",
	"$P$.IQRaTwmfeRo7ud9Fh4E2PdI0S3r.L0", /* one round */
	"$P$JIQRaTwmfeRo7ud9Fh4E2PdI0S3r.L0", /* 2 million rounds */
	"$P$zIQRaTwmfeRo7ud9Fh4E2PdI0S3r.L0", /* 2^63 */
	"$wp$2y$05$HK57/5IG1bNNwSWtnBgFBeqrqRwhsJEa0d6kogZi5HYnDqyHC.B.",
	"$wp$2y$15$HK57/5IG1bNNwSWtnBgFBeqrqRwhsJEa0d6kogZi5HYnDqyHC.B.S",
	"$wp$2x$05$HK57/5IG1bNNwSWtnBgFBeqrqRwhsJEa0d6kogZi5HYnDqyHC.B.S",
	"$wp2y$05$HK57/5IG1bNNwSWtnBgFBeqrqRwhsJEa0d6kogZi5HYnDqyHC.B.SS",
	"pbkdf2_sha256$0$salt$2s4oC98NedGCcYRvDq4+S9OX+hjZzeEAcIQiaFNFQCc=",
	"pbkdf2_sha256$2000001$salt$2s4oC98NedGCcYRvDq4+S9OX+hjZzeEAcIQiaFNFQCc=",
	"pbkdf2_sha256$01000$salt$2s4oC98NedGCcYRvDq4+S9OX+hjZzeEAcIQiaFNFQCc=",
	"pbkdf2_sha256$1000$$2s4oC98NedGCcYRvDq4+S9OX+hjZzeEAcIQiaFNFQCc=",
	"pbkdf2_sha256$1000$salt$2s4oC98NedGCcYRvDq4+S9OX+hjZzeEAcIQiaFNFQC==",
	"pbkdf2_sha256$1000$salt$vRFAZiWxhaSDiss+iujXb9Qu3Tw=",
	"pbkdf2_sha1$1000$salt$2s4oC98NedGCcYRvDq4+S9OX+hjZzeEAcIQiaFNFQCc=",
	"pbkdf2_sha512$1000$salt$2s4oC98NedGCcYRvDq4+S9OX+hjZzeEAcIQiaFNFQCc=",
	"pbkdf2_sha256$1000$salt",
	"scrypt$1000$salt12345678$8$1$/"
	"iBdh0wEcnZwOkZf0n4b2yMD5bsQnQ7jLIxCIRbTBcH5HDyIau552"
	"KHq4VWoHuW2dquaiWXjXkVxR2upDBPbJA==",
	"scrypt$16777216$salt12345678$8$1$/"
	"iBdh0wEcnZwOkZf0n4b2yMD5bsQnQ7jLIxCIRbTBcH5HDyIau"
	"552KHq4VWoHuW2dquaiWXjXkVxR2upDBPbJA==",
	"scrypt$1024$salt12345678$8$1$/"
	"iBdh0wEcnZwOkZf0n4b2yMD5bsQnQ7jLIxCIRbTBcH5HDyIau55",
	"bcrypt_sha256$2b$05$Ah03Nor6sWuFbjBqmD7poumetdg2q5fzuw5/PGM7XyKQ4ZZg.OmJW",
	"bcrypt_sha256$$2b$31$Ah03Nor6sWuFbjBqmD7poumetdg2q5fzuw5/PGM7XyKQ4ZZg.OmJW",
	"$apr1$$1Pu77PmoFxdbKBWw7KZuE1",
	"$apr1$VD19AB751$1Pu77PmoFxdbKBWw7KZuE1",
	"$apr1$VD19AB75$1Pu77PmoFxdbKBWw7KZuE",
	"$apr1$VD19AB75$1Pu77PmoFxdbKBWw7KZuE1x",
	"$1$VD19AB75$1Pu77PmoFxdbKBWw7KZuE1",
	"{SHA}I7dElEdfX4dJgLdnbVEeI9iG2m=",
	"{SHA}kHLiWV6Kr0LkcQBxGXfFwGCnLE4TQujd",
	"{SSHA}I7dElEdfX4dJgLdnbVEeI9iG2mQ=",
	"{SHA256}I7dElEdfX4dJgLdnbVEeI9iG2mQ=",
	"{MD5}I7dElEdfX4dJgLdnbVEeIw==",
	"md5$salt$5f4dcc3b5aa765d61d8327deb882cf99",
	"sha1$salt$5baa61e4c9b93f3f0682250b6cf8331b7ee68fd8",
	"5f4dcc3b5aa765d61d8327deb882cf99",
};

static void
refuses_what_is_malformed_unknown_or_too_costly(void **state)
{
	size_t memory;

	(void)state;
	for (size_t i = 0; i < COUNT(refused); i++)
		if (foreign_find(str_of(refused[i]), &memory) != NULL)
			fail_msg("%s is taken", refused[i]);
}

static void
says_how_much_memory_scrypt_needs(void **state)
{
	size_t memory;

	(void)state;
	assert_non_null(
		foreign_find(STR("scrypt$65536$salt12345678$8$2$/"
				 "iBdh0wEcnZwOkZf0n4b2yMD5bsQnQ7jLIxCIRbTB"
				 "cH5HDyIau552KHq4VWoHuW2dquaiWXjXkVxR2upDBPbJA=="),
			     &memory));
	assert_in_range(memory, 64 * 1024 * 1024, 65 * 1024 * 1024);
}

static void
base64_goes_there_and_back(void **state)
{
	unsigned char bytes[64], again[64];
	size_t n;

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (unsigned char)(i * 37 + 250);
	for (size_t i = 1; i <= sizeof(bytes); i++) {
		struct buf text;

		buf_init(&text, 256);
		assert_true(base64_encode(&text, (struct str){ (char *)bytes, i }));
		assert_int_equal(text.n % 4, 0);
		assert_null(memchr(text.p, '-', text.n));
		assert_true(base64_decode_to(again, i, &n, buf_str(&text)));
		assert_int_equal(n, i);
		assert_memory_equal(again, bytes, i);
		assert_false(base64_decode_to(again, i - 1, &n, buf_str(&text)));
		buf_done(&text);
	}
	assert_false(base64_decode_to(again, sizeof(again), &n, STR("-_-_")));
	assert_false(base64_decode_to(again, sizeof(again), &n, STR("a===")));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_the_password_of_each_from_others),
		cmocka_unit_test(a_changed_character_never_matches),
		cmocka_unit_test(refuses_what_is_malformed_unknown_or_too_costly),
		cmocka_unit_test(says_how_much_memory_scrypt_needs),
		cmocka_unit_test(base64_goes_there_and_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
