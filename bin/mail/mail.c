/* doorward mail: send mails, and show those that wait. */
#include "bin/mail/mail.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "bin/db/database.h"
#include "mail/mail_address.h"
#include "json/json.h"

/* ---- list ---- */

static const char *const members[] = { "id",      "state", "template", "recipient",
				       "created", "due",   "tries",    "failure" };
#define MEMBERS 8
enum { ID, STATE, TEMPLATE, RECIPIENT, CREATED, DUE, TRIES, FAILURE };

static void
put_json(struct buf *out, const struct db_rows *rows)
{
	json_put_open(out, '[');
	for (size_t i = 0; i < db_count(rows); i++) {
		json_put_open(out, '{');
		for (int c = 0; c < MEMBERS; c++) {
			if (db_is_null(rows, i, c))
				continue;
			if (c == ID || c == CREATED || c == DUE || c == TRIES)
				json_put_member_int(out, members[c], db_int(rows, i, c));
			else
				json_put_member(out, members[c], db_str(rows, i, c));
		}
		json_put_close(out, '}');
	}
	json_put_close(out, ']');
	buf_addc(out, '\n');
}

static void
put_text(struct buf *out, const struct db_rows *rows)
{
	char created[32], due[32];

	command_header(out, "ID      STATE     ADDED (UTC)       NEXT (UTC)        "
			    "TRIES  MAIL, TO WHOM, WHY NOT YET");
	for (size_t i = 0; i < db_count(rows); i++) {
		struct str at = database_time(rows, i, CREATED, created);
		struct str next = database_time(rows, i, DUE, due);

		buf_addf(out, "%-7lld %-9.*s %-17.*s %-17.*s %5lld  %.*s %.*s",
			 (long long)db_int(rows, i, ID), STR_ARG(db_str(rows, i, STATE)),
			 STR_ARG(at), STR_ARG(next), (long long)db_int(rows, i, TRIES),
			 STR_ARG(db_str(rows, i, TEMPLATE)),
			 STR_ARG(db_str(rows, i, RECIPIENT)));
		if (!db_is_null(rows, i, FAILURE))
			buf_addf(out, ": %.*s", STR_ARG(db_str(rows, i, FAILURE)));
		buf_addc(out, '\n');
	}
}

static int
list(int argc, char **argv)
{
	bool json = false;
	const struct command_option options[] = { { "json", .flag = &json }, { NULL } };
	struct db_rows *rows = NULL;
	struct why why = { "" };
	struct database d;
	enum err e;

	if (!command_options(&argc, argv, options) || argc != 1)
		return COMMAND_MISUSED;
	if (!database_open(&d, false))
		return COMMAND_FAILED;
	e = mail_list(d.db, &rows, &why);
	return database_show(&d, e, &why, &rows, json ? put_json : put_text);
}

/* ---- retry, drop ---- */

/* Whole numbers, and all of them are checked before anything is done. */
static bool
are_ids(int argc, char **argv)
{
	int64_t id;

	for (int i = 1; i < argc; i++)
		if (!str_to_int(str_of(argv[i]), 1, INT64_MAX, &id)) {
			command_fail("%s is not the number of a mail; `doorward mail "
				     "list` shows them",
				     argv[i]);
			return false;
		}
	return true;
}

/* Each of these changes one mail. ERR_NOT_FOUND if there is none. */
static enum err
retry_one(struct database *d, int64_t id, struct why *why)
{
	int64_t n;
	enum err e = mail_retry(d->db, id, str_of(d->actor), &n, why);

	return e != ERR_OK || n > 0 ? e : why_set(why, ERR_NOT_FOUND, "there is none");
}

static enum err
drop_one(struct database *d, int64_t id, struct why *why)
{
	bool known;
	enum err e = mail_drop(d->db, id, str_of(d->actor), &known, why);

	return e != ERR_OK || known ? e : why_set(why, ERR_NOT_FOUND, "there is none");
}

/* If one is missing, the others are done all the same. */
static int
each(struct database *d, int argc, char **argv,
     enum err (*does)(struct database *d, int64_t id, struct why *why))
{
	int status = COMMAND_OK;
	int64_t id;

	for (int i = 1; i < argc; i++) {
		struct why why = { "" };
		enum err e;

		str_to_int(str_of(argv[i]), 1, INT64_MAX, &id);
		e = does(d, id, &why);
		if (e == ERR_NOT_FOUND)
			status = command_no("mail %s: %s", argv[i], why.text);
		else if (e != ERR_OK)
			return database_result(e, &why);
	}
	return status;
}

static int
retry(int argc, char **argv)
{
	const struct command_option options[] = { { NULL } };
	struct why why = { "" };
	struct database d;
	int64_t n;
	int status;

	if (!command_options(&argc, argv, options))
		return COMMAND_MISUSED;
	if (!are_ids(argc, argv) || !database_open(&d, false))
		return COMMAND_FAILED;
	if (argc > 1)
		status = each(&d, argc, argv, retry_one);
	else
		status = database_result(mail_retry(d.db, 0, str_of(d.actor), &n, &why),
					 &why);
	database_close(&d);
	return status;
}

static int
drop(int argc, char **argv)
{
	const struct command_option options[] = { { NULL } };
	struct database d;
	int status;

	if (!command_options(&argc, argv, options) || argc < 2)
		return COMMAND_MISUSED;
	if (!are_ids(argc, argv) || !database_open(&d, false))
		return COMMAND_FAILED;
	status = each(&d, argc, argv, drop_one);
	database_close(&d);
	return status;
}

/* ---- test ---- */

/* Now, and without the database. */
int
mail_test(int argc, char **argv)
{
	const struct command_option options[] = { { NULL } };
	struct mail_taken mail = { .template = "test" };
	struct mail_result result = { 0 };
	struct sender sender = { 0 };
	int status = COMMAND_FAILED;

	if (!command_options(&argc, argv, options) || argc != 2)
		return COMMAND_MISUSED;
	if (!mail_address_is_valid(str_of(argv[1])))
		return command_fail("that is no address that mail is sent to");
	memcpy(mail.recipient, argv[1], strlen(argv[1]) + 1);
	if (clock_now(&mail.created_at) == ERR_OK && sender_open(&sender)) {
		sender_deliver(&sender, &mail, &result);
		status = COMMAND_OK;
		if (result.outcome != MAIL_SENT)
			status = command_no("%s", result.reason.text);
		else
			printf("%s accepted the mail; look in the mailbox whether it "
			       "came\n",
			       sender.config.mail_server);
	}
	sender_close(&sender);
	return status;
}

int
mail_command(int argc, char **argv)
{
	static const struct command_action actions[] = {
		{ "send", mail_send }, { "list", list },      { "retry", retry },
		{ "drop", drop },      { "test", mail_test }, { NULL, NULL },
	};

	return command_dispatch(argc, argv, actions);
}
