#include "check.h"

#include <ctype.h>
#include <string.h>

#include "base/text.h"
#include "ticket/ticket.h"
#include "ticket/ticket_fields.h"

#define NOW INT64_C(1800000000)
#define DAY 86400

static const struct str key = { "0123456789abcdef0123456789abcdef", 32 };
static const struct str bound = { "what it is bound to", 19 };

/* One of each kind, made at NOW. */
static char made[TICKET_KINDS][TICKET_SIZE];
static unsigned char fields[TICKET_FIELDS_MAX];

static struct str
fields_str(const struct ticket_row *row)
{
	return (struct str){ (const char *)fields, row->fields };
}

static int
make_all(void **state)
{
	(void)state;
	for (enum ticket_kind k = 0; k < TICKET_KINDS; k++) {
		const struct ticket_row *row = ticket_row(k);
		enum err e;

		memset(fields, 0xa5, sizeof(fields));
		if (row->keep == TICKET_SEALED)
			ticket_put_number(fields + row->time_at, 8, NOW);
		e = row->keep == TICKET_HASHED
			    ? ticket_new(k, made[k])
			    : ticket_make(k, key, fields_str(row), bound, made[k]);
		if (e != ERR_OK)
			return -1;
	}
	return 0;
}

static bool
is_good(enum ticket_kind k, struct str a_key, struct str to, int64_t now, struct str text)
{
	static const unsigned char none[TICKET_FIELDS_MAX];
	unsigned char got[TICKET_FIELDS_MAX], hash[SHA256_SIZE];
	bool good = true;

	if (ticket_row(k)->keep == TICKET_HASHED) {
		good = ticket_hash(k, text, hash);
		if (!good)
			assert_memory_equal(hash, none, sizeof(hash));
		return good;
	}
	assert_int_equal(ticket_check(k, a_key, to, now, text, got, &good), ERR_OK);
	if (!good)
		assert_memory_equal(got, none, sizeof(got));
	return good;
}

static void
no_kind_stands_in_for_another(void **state)
{
	(void)state;
	for (enum ticket_kind k = 0; k < TICKET_KINDS; k++)
		for (enum ticket_kind as = 0; as < TICKET_KINDS; as++)
			assert_int_equal(is_good(as, key, bound, NOW, str_of(made[k])),
					 k == as);
}

/* Not by its prefix alone: the MAC knows the kind. */
static void
another_prefix_makes_no_other_kind(void **state)
{
	char text[TICKET_SIZE];

	(void)state;
	for (enum ticket_kind k = 0; k < TICKET_KINDS; k++)
		for (enum ticket_kind as = 0; as < TICKET_KINDS; as++) {
			if (as == k || ticket_row(as)->keep == TICKET_HASHED)
				continue;
			memcpy(text, made[k], sizeof(text));
			memcpy(text, ticket_row(as)->prefix, TICKET_PREFIX);
			assert_false(is_good(as, key, bound, NOW, str_of(text)));
		}
}

static void
the_table_is_whole_and_no_two_kinds_are_alike(void **state)
{
	(void)state;
	for (enum ticket_kind k = 0; k < TICKET_KINDS; k++) {
		const struct ticket_row *row = ticket_row(k);

		assert_int_equal(strlen(row->prefix), TICKET_PREFIX);
		assert_true(row->fields > 0 && row->fields <= TICKET_FIELDS_MAX);
		assert_true(row->keep != TICKET_SEALED ||
			    (row->time_at + 8 <= row->fields && row->life > 0));
		assert_true(row->keep != TICKET_DERIVED || row->fields == TICKET_UUID);
		assert_true(row->keep != TICKET_HASHED || row->fields == TICKET_RANDOM);
		assert_non_null(row->bound_to);
		for (enum ticket_kind other = 0; other < k; other++) {
			assert_string_not_equal(row->name, ticket_row(other)->name);
			assert_string_not_equal(row->prefix, ticket_row(other)->prefix);
		}
	}
	assert_null(ticket_row(TICKET_KINDS));
	assert_null(ticket_row((enum ticket_kind) - 1));
}

static void
says_what_was_put_into_it(void **state)
{
	unsigned char got[TICKET_FIELDS_MAX];
	bool good;

	(void)state;
	for (enum ticket_kind k = 0; k < TICKET_KINDS; k++) {
		const struct ticket_row *row = ticket_row(k);

		if (row->keep == TICKET_HASHED)
			continue;
		memset(fields, 0xa5, sizeof(fields));
		if (row->keep == TICKET_SEALED)
			ticket_put_number(fields + row->time_at, 8, NOW);
		assert_int_equal(
			ticket_check(k, key, bound, NOW, str_of(made[k]), got, &good),
			ERR_OK);
		assert_memory_equal(got, fields, row->fields);
	}
}

static void
refuses_another_key_or_binding(void **state)
{
	(void)state;
	for (enum ticket_kind k = 0; k < TICKET_KINDS; k++) {
		struct str text = str_of(made[k]);

		if (ticket_row(k)->keep == TICKET_HASHED)
			continue;
		assert_false(is_good(k, STR("0123456789abcdef0123456789abcdeg"), bound,
				     NOW, text));
		assert_false(is_good(k, key, STR("what it is bound tO"), NOW, text));
		assert_false(is_good(k, key, STR(""), NOW, text));
	}
}

static void
a_sealed_one_ends_with_its_life(void **state)
{
	(void)state;
	for (enum ticket_kind k = 0; k < TICKET_KINDS; k++) {
		struct str text = str_of(made[k]);
		int64_t life = ticket_row(k)->life, ahead = life < DAY ? life : DAY;

		if (ticket_row(k)->keep != TICKET_SEALED)
			continue;
		assert_true(is_good(k, key, bound, NOW + life, text));
		assert_false(is_good(k, key, bound, NOW + life + 1, text));
		assert_true(is_good(k, key, bound, NOW - ahead, text));
		assert_false(is_good(k, key, bound, NOW - ahead - 1, text));
	}
}

static void
refuses_every_changed_cut_or_longer_one(void **state)
{
	char copy[TICKET_SIZE + 1];

	(void)state;
	for (enum ticket_kind k = 0; k < TICKET_KINDS; k++) {
		size_t n = strlen(made[k]);
		bool sealed = ticket_row(k)->keep != TICKET_HASHED;

		for (size_t i = 0; i < n; i++) {
			struct str cut = { made[k], i };

			memcpy(copy, made[k], n + 1);
			copy[i] = copy[i] == 'A' ? 'B' : 'A';
			if (sealed || i < TICKET_PREFIX)
				assert_false(is_good(k, key, bound, NOW, str_of(copy)));
			copy[i] = '=';
			assert_false(is_good(k, key, bound, NOW, str_of(copy)));
			assert_false(is_good(k, key, bound, NOW, cut));
		}
		memcpy(copy, made[k], n);
		memcpy(copy + n, "A", 2);
		assert_false(is_good(k, key, bound, NOW, str_of(copy)));
		memcpy(copy, made[k], n + 1);
		copy[1] = (char)toupper(copy[1]);
		assert_false(is_good(k, key, bound, NOW, str_of(copy)));
	}
}

/* The last character holds bits that say nothing: they must be zero. */
static void
refuses_what_is_not_canonical(void **state)
{
	unsigned char hash[SHA256_SIZE];

	(void)state;
	assert_true(ticket_hash(TICKET_SETUP,
				STR("dws_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
				hash));
	assert_false(ticket_hash(TICKET_SETUP,
				 STR("dws_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB"),
				 hash));
}

static void
makes_none_of_what_is_not_of_its_kind(void **state)
{
	static const unsigned char bytes[TICKET_RANDOM];
	char text[TICKET_SIZE];

	(void)state;
	for (enum ticket_kind k = 0; k <= TICKET_KINDS; k++) {
		const struct ticket_row *row = ticket_row(k);
		struct str too_short = { (const char *)fields, 7 };

		memset(text, 'x', sizeof(text));
		assert_int_equal(ticket_make(k, key, too_short, bound, text), ERR_SYNTAX);
		assert_string_equal(text, "");
		if (row != NULL && row->keep == TICKET_HASHED)
			continue;
		memset(text, 'x', sizeof(text));
		assert_int_equal(ticket_new(k, text), ERR_SYNTAX);
		assert_string_equal(text, "");
		assert_int_equal(ticket_write(k, bytes, text), ERR_SYNTAX);
		if (row == NULL)
			continue;
		assert_int_equal(
			ticket_make(k, STR("short"), fields_str(row), bound, text),
			ERR_CRYPTO);
		assert_string_equal(text, "");
	}
}

static void
a_short_key_tells_nothing(void **state)
{
	unsigned char got[TICKET_FIELDS_MAX];
	bool good = true;

	(void)state;
	assert_int_equal(ticket_check(TICKET_RESET, STR(""), bound, NOW,
				      str_of(made[TICKET_RESET]), got, &good),
			 ERR_CRYPTO);
	assert_false(good);
}

/* HMAC of the kind, the fields and the binding, computed elsewhere (Python's hmac). */
static void
a_link_is_computed_again_from_its_id(void **state)
{
	static const char id[] = "0c1d2e3f-4a5b-4c6d-8e7f-901234567890";
	unsigned char bytes[TICKET_UUID];
	char text[TICKET_SIZE], uuid[TICKET_UUID_TEXT];

	(void)state;
	assert_true(ticket_put_uuid(bytes, str_of(id)));
	ticket_get_uuid(bytes, uuid);
	assert_string_equal(uuid, id);
	assert_int_equal(ticket_make(TICKET_RESET, key,
				     (struct str){ (const char *)bytes, sizeof(bytes) },
				     STR(""), text),
			 ERR_OK);
	assert_string_equal(
		text,
		"dwp_DB0uP0pbTG2Of5ASNFZ4kGs6455p2hfKKxhQ_NGyal_Is8xPfFVARSK-8rPx5_aY");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_kind_stands_in_for_another),
		cmocka_unit_test(another_prefix_makes_no_other_kind),
		cmocka_unit_test(the_table_is_whole_and_no_two_kinds_are_alike),
		cmocka_unit_test(says_what_was_put_into_it),
		cmocka_unit_test(refuses_another_key_or_binding),
		cmocka_unit_test(a_sealed_one_ends_with_its_life),
		cmocka_unit_test(refuses_every_changed_cut_or_longer_one),
		cmocka_unit_test(refuses_what_is_not_canonical),
		cmocka_unit_test(makes_none_of_what_is_not_of_its_kind),
		cmocka_unit_test(a_short_key_tells_nothing),
		cmocka_unit_test(a_link_is_computed_again_from_its_id),
	};

	return cmocka_run_group_tests(tests, make_all, NULL);
}
