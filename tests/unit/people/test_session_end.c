/* What follows the end of a session: whom it concerns, and what is not confirmed. */
#include "check.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "people/session_end.h"
#include "revocation/revocations.h"
#include "revocation/revocations_write.h"

#define SID "0b54d1c2-6f1c-4b0e-9a55-0a1b2c3d4e5f"
#define OTHER "1c65e2d3-7a2d-4c1f-8b66-1b2c3d4e5f60"

static char path[] = "/tmp/test_session_end.XXXXXX";

static char later_path[REVOCATIONS_PATH_MAX];

/* Files that hold SID; there is no database behind them. */
static int
write_file(void **state)
{
	struct revocation one = { STR(SID), 2000000000 };
	struct revocations_news news = { .list = { &one, 1 } };
	int fd = mkstemp(path);

	(void)state;
	close(fd);
	return revocations_later_path(path, later_path) &&
			       revocations_write(path, &news, NULL) == ERR_OK
		       ? 0
		       : -1;
}

static int
remove_file(void **state)
{
	(void)state;
	return unlink(path) == 0 && unlink(later_path) == 0 ? 0 : -1;
}

static enum err
ended(const struct session_hearers *h, enum session_reason reason, const char *sids,
      struct why *why)
{
	struct buf b;
	enum err e;

	buf_init(&b, 100);
	buf_addz(&b, sids);
	e = session_end(h, reason, &b, why);
	buf_done(&b);
	return e;
}

static void
nobody_to_tell_is_no_confirmation(void **state)
{
	const struct session_hearers nobody = { .db = NULL };
	struct why why = { "" };

	(void)state;
	assert_int_equal(session_end(&nobody, SESSION_END_LOGOUT, NULL, &why),
			 ERR_NOT_FOUND);
	assert_non_null(strstr(why.text, "ended (logout), but"));
	assert_int_equal(ended(&nobody, SESSION_END_LOGOUT, SID, &why), ERR_NOT_FOUND);
	assert_int_equal(session_end_prepare(&nobody, &why), ERR_NOT_FOUND);
	assert_false(session_end_is_told(&nobody, STR(SID)));
}

static void
an_end_without_a_reason_is_refused(void **state)
{
	const struct session_hearers off = { .revocation_off = true };

	(void)state;
	assert_int_equal(session_end(&off, SESSION_END_NONE, NULL, NULL), ERR_SYNTAX);
	assert_int_equal(session_end(&off, SESSION_END_REASONS, NULL, NULL), ERR_SYNTAX);
}

static void
each_reason_but_a_login_waits_for_everyone_to_be_told(void **state)
{
	const struct session_hearers nobody = { .db = NULL };
	enum err e;

	(void)state;
	log_open("test", (enum log_level)(LOG_ERROR + 1)); /* in silence */
	for (int r = SESSION_END_LOGOUT; r < SESSION_END_REASONS; r++) {
		e = session_end(&nobody, (enum session_reason)r, NULL, NULL);
		assert_int_equal(e, r == SESSION_END_DISPLACED ? ERR_OK : ERR_NOT_FOUND);
	}
}

static void
where_verifiers_do_not_ask_there_is_nothing_to_write(void **state)
{
	const struct session_hearers off = { .revocation_off = true };

	(void)state;
	assert_int_equal(session_end(&off, SESSION_END_PASSWORD, NULL, NULL), ERR_OK);
	assert_int_equal(session_end_prepare(&off, NULL), ERR_OK);
	assert_false(session_end_is_told(&off, STR(SID)));
}

static void
what_the_file_holds_is_not_written_again(void **state)
{
	struct session_hearers h = { .revocation_file = path };
	struct buf too_many;

	(void)state;
	assert_int_equal(db_open(&h.db, "host=/nowhere dbname=none", "test",
				 &embedded_schema, NULL),
			 ERR_OK);
	assert_true(session_end_is_told(&h, STR(SID)));
	assert_false(session_end_is_told(&h, STR(SID " " OTHER)));
	assert_int_equal(ended(&h, SESSION_END_LOGOUT, SID, NULL), ERR_OK);
	assert_int_equal(ended(&h, SESSION_END_LOGOUT, "", NULL), ERR_OK);
	/* the rest asks the database, and there is none */
	assert_int_not_equal(ended(&h, SESSION_END_LOGOUT, OTHER, NULL), ERR_OK);
	buf_init(&too_many, 10);
	buf_addz(&too_many, SID);
	assert_true(too_many.failed);
	assert_int_not_equal(session_end(&h, SESSION_END_LOGOUT, &too_many, NULL),
			     ERR_OK);
	buf_done(&too_many);
	db_close(h.db);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nobody_to_tell_is_no_confirmation),
		cmocka_unit_test(an_end_without_a_reason_is_refused),
		cmocka_unit_test(each_reason_but_a_login_waits_for_everyone_to_be_told),
		cmocka_unit_test(where_verifiers_do_not_ask_there_is_nothing_to_write),
		cmocka_unit_test(what_the_file_holds_is_not_written_again),
	};

	return cmocka_run_group_tests(tests, write_file, remove_file);
}
