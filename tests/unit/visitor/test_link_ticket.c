/* Which link a text names. */
#include "check.h"

#include <stdio.h>
#include <string.h>

#include "ticket/ticket_fields.h"
#include "visitor/link_ticket.h"

#define ID "5f0e8f4e-1c63-4c0a-9d2b-0a4a8e1b7c11"

static const struct str key = { "0123456789abcdef0123456789abcdef", 32 };
static const struct str other_key = { "another mail key, of more than 32", 33 };

static const enum ticket_kind derived[] = { TICKET_INVITE, TICKET_VERIFY, TICKET_RESET,
					    TICKET_CHANGE_ADDRESS, TICKET_UNDO_ADDRESS };

#define DERIVED (sizeof(derived) / sizeof(*derived))

static void
make(enum ticket_kind kind, char text[TICKET_SIZE])
{
	unsigned char id[TICKET_UUID];

	assert_true(ticket_put_uuid(id, STR(ID)));
	assert_int_equal(ticket_make(kind, key, (struct str){ (char *)id, sizeof(id) },
				     STR(""), text),
			 ERR_OK);
}

static struct link_ticket
read_with(struct str mail_key, struct str text)
{
	struct link_ticket ticket;

	assert_int_equal(link_ticket_read(mail_key, 1700000000, text, &ticket), ERR_OK);
	return ticket;
}

static void
finds_the_kind_and_the_id_of_each_link(void **state)
{
	char text[TICKET_SIZE];

	(void)state;
	for (size_t i = 0; i < DERIVED; i++) {
		struct link_ticket t;
		struct links_key row;

		make(derived[i], text);
		t = read_with(key, str_of(text));
		assert_int_equal(t.told, LINK_TICKET_OURS);
		row = link_ticket_key(&t);
		assert_int_equal(row.kind, derived[i]);
		assert_true(str_is(row.id, ID));
		assert_int_equal(row.hash.n, 0);
	}
}

static void
finds_the_hash_of_a_setup_link_without_a_mail_key(void **state)
{
	unsigned char hash[SHA256_SIZE];
	char text[TICKET_SIZE];
	struct link_ticket t;
	struct links_key row;

	(void)state;
	assert_int_equal(ticket_new(TICKET_SETUP, text), ERR_OK);
	assert_true(ticket_hash(TICKET_SETUP, str_of(text), hash));
	t = read_with(STR(""), str_of(text));
	assert_int_equal(t.told, LINK_TICKET_OURS);
	row = link_ticket_key(&t);
	assert_int_equal(row.id.n, 0);
	assert_int_equal(row.hash.n, sizeof(hash));
	assert_memory_equal(row.hash.p, hash, sizeof(hash));
}

static void
tells_what_was_cut_from_what_is_foreign(void **state)
{
	char text[TICKET_SIZE], more[TICKET_SIZE + 1];

	(void)state;
	for (size_t i = 0; i < DERIVED; i++) {
		struct str whole;

		make(derived[i], text);
		whole = str_of(text);
		for (size_t n = 0; n < whole.n; n++)
			assert_int_equal(read_with(key, str_sub(whole, 0, n)).told,
					 LINK_TICKET_CUT);
		snprintf(more, sizeof(more), "%s.", text);
		assert_int_equal(read_with(key, str_of(more)).told, LINK_TICKET_CUT);
		assert_int_equal(read_with(other_key, whole).told, LINK_TICKET_FOREIGN);
		assert_int_equal(read_with(other_key, whole).kind, derived[i]);
		assert_int_equal(read_with(STR("short"), whole).told,
				 LINK_TICKET_FOREIGN);
		assert_int_equal(read_with(STR(""), whole).told, LINK_TICKET_FOREIGN);
	}
}

static void
takes_no_kind_for_another(void **state)
{
	char text[TICKET_SIZE];

	(void)state;
	for (size_t i = 0; i < DERIVED; i++)
		for (size_t k = 0; k < DERIVED; k++) {
			make(derived[i], text);
			memcpy(text, ticket_row(derived[k])->prefix, TICKET_PREFIX);
			assert_int_equal(read_with(key, str_of(text)).told,
					 i == k ? LINK_TICKET_OURS : LINK_TICKET_FOREIGN);
		}
}

static void
takes_no_other_ticket_for_a_link(void **state)
{
	static const char *const others[] = { "dwk_", "dwr_", "dwd_", "dwf_",
					      "dwl_", "dwc_", "eyJh", "<scr" };
	char text[TICKET_SIZE];
	struct link_ticket t;

	(void)state;
	make(TICKET_RESET, text);
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
		memcpy(text, others[i], TICKET_PREFIX);
		t = read_with(key, str_of(text));
		assert_int_equal(t.told, LINK_TICKET_FOREIGN);
		assert_int_equal(t.kind, TICKET_KINDS);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_the_kind_and_the_id_of_each_link),
		cmocka_unit_test(finds_the_hash_of_a_setup_link_without_a_mail_key),
		cmocka_unit_test(tells_what_was_cut_from_what_is_foreign),
		cmocka_unit_test(takes_no_kind_for_another),
		cmocka_unit_test(takes_no_other_ticket_for_a_link),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
