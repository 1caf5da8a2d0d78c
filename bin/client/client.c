/*
 * doorward client: the programs that may ask this site who a person is.
 */
#include <stdio.h>

#include "bin/client/client.h"
#include "crypto/hash.h"
#include "crypto/secret.h"
#include "ticket/ticket.h"

#define KEEP_DEFAULT 86400 /* seconds that an older secret is good beside a new one */
#define KEEP_MAX (90 * 86400)

/* ---- what several of them do ---- */

static int
no_client(const char *id)
{
	return command_no("there is no client %s; `doorward client list` shows them all",
			  id);
}

/* What the outcome means; `e` comes first. */
static int
result_of(enum err e, enum clients_done done, const char *id, const struct why *why)
{
	if (e != ERR_OK)
		return database_result(e, why);
	switch (done) {
	case CLIENTS_DONE:
		return COMMAND_OK;
	case CLIENTS_TAKEN:
		return command_no("there is a client %s already; `doorward client set` "
				  "changes it",
				  id);
	case CLIENTS_MISSING:
		return no_client(id);
	case CLIENTS_PUBLIC:
		return command_no("%s has the method none, and no secret", id);
	default:
		return command_fail("the database does not take it: a name has 1 to 100 "
				    "characters, none of them invisible");
	}
}

/* A new secret and what is stored of it. */
static enum err
new_secret(char text[TICKET_SIZE], unsigned char hash[SHA256_SIZE])
{
	enum err e = ticket_new(TICKET_CLIENT_SECRET, text);

	if (e == ERR_OK && !ticket_hash(TICKET_CLIENT_SECRET, str_of(text), hash))
		e = ERR_CRYPTO;
	return e;
}

/* The only time that the secret is shown; it is empty for a client without one. */
static int
show(const char *id, const char *secret)
{
	struct buf out;
	int result;

	buf_init(&out, 1024);
	buf_addf(&out, "client_id %s\n", id);
	if (secret[0] != '\0')
		buf_addf(&out, "client_secret %s\n", secret);
	result = command_write(buf_str(&out)) ? COMMAND_OK : COMMAND_FAILED;
	buf_done(&out);
	return result;
}

static void
hint_off(const struct config *config)
{
	if (!config->oauth)
		fprintf(stderr, "the setting oauth is off: nobody can log in there until "
				"it is on\n");
}

static void
tell_ended(int64_t ended)
{
	fprintf(stderr, "%lld grant%s ended\n", (long long)ended, command_plural(ended));
}

/* ---- add ---- */

static int
add_filled(struct database *d, const struct clients_wish *wish, const char *id)
{
	unsigned char hash[SHA256_SIZE];
	struct str stored = { (const char *)hash, sizeof(hash) };
	char secret[TICKET_SIZE] = "";
	enum clients_done done = CLIENTS_INVALID;
	struct why why = { "" };
	enum err e = ERR_OK;
	int result;

	if (str_is(str_of(wish->method), client_method_word(CLIENT_METHOD_NONE)))
		stored.n = 0;
	else
		e = new_secret(secret, hash);
	if (e == ERR_OK)
		e = clients_add(d->db, wish, stored, str_of(d->actor), &done, &why);
	result = result_of(e, done, id, &why);
	if (result == COMMAND_OK) {
		hint_off(&d->config);
		result = show(id, secret);
	}
	secret_wipe(secret, sizeof(secret));
	return result;
}

static int
add(int argc, char **argv)
{
	struct client_typed typed;
	struct client_filled filled;
	struct database d;
	int result = COMMAND_FAILED;

	if (!client_take_options(&argc, argv, &typed) || argc != 2)
		return COMMAND_MISUSED;
	if (!client_id_is_valid(str_of(argv[1])))
		return command_fail("%s is no id for a client: 1 to 64 of a-z 0-9 . _ - "
				    "that begin with a letter or a digit, but not with "
				    "doorward",
				    argv[1][0] == '\0' ? "an empty word" : argv[1]);
	if (!database_open(&d, false))
		return COMMAND_FAILED;
	if (client_fill(&filled, &typed, str_of(argv[1]), NULL, &d.config))
		result = add_filled(&d, &filled.wish, argv[1]);
	client_filled_done(&filled);
	database_close(&d);
	return result;
}

/* ---- set ---- */

/* A client that was public has no secret yet. */
static void
hint_secret(const struct clients_wish *wish, const struct db_rows *now, const char *id)
{
	const char *none = client_method_word(CLIENT_METHOD_NONE);

	if (wish->method != NULL && !str_is(str_of(wish->method), none) &&
	    db_int(now, 0, CLIENTS_SECRETS) == 0)
		fprintf(stderr,
			"it has no secret: `doorward client secret %s` makes one\n", id);
}

static int
set_filled(struct database *d, const struct clients_wish *wish, const struct db_rows *now,
	   const char *id)
{
	enum clients_done done = CLIENTS_INVALID;
	struct why why = { "" };
	int64_t ended = 0;
	enum err e = clients_set(d->db, wish, str_of(d->actor), &done, &ended, &why);
	int result;

	if (e == ERR_OK && done == CLIENTS_DONE)
		e = database_end(d, SESSION_END_OPERATOR, &why);
	result = result_of(e, done, id, &why);
	if (ended > 0)
		tell_ended(ended);
	if (result == COMMAND_OK)
		hint_secret(wish, now, id);
	return result;
}

static int
set(int argc, char **argv)
{
	struct client_typed typed;
	struct client_filled filled;
	struct db_rows *now = NULL;
	struct why why = { "" };
	struct database d;
	int result = COMMAND_FAILED;
	enum err e;

	if (!client_take_options(&argc, argv, &typed) || argc != 2 ||
	    !client_is_change(&typed))
		return COMMAND_MISUSED;
	if (!client_id_is_valid(str_of(argv[1])))
		return no_client(argv[1]);
	if (!database_open(&d, false))
		return COMMAND_FAILED;
	e = clients_list(d.db, str_of(argv[1]), &now, &why);
	if (e != ERR_OK || db_count(now) == 0) {
		result = result_of(e, CLIENTS_MISSING, argv[1], &why);
	} else {
		if (client_fill(&filled, &typed, str_of(argv[1]), now, &d.config))
			result = set_filled(&d, &filled.wish, now, argv[1]);
		client_filled_done(&filled);
	}
	db_rows_free(now);
	database_close(&d);
	return result;
}

/* ---- secret ---- */

/* False after a complaint. */
static bool
read_keep(const char *keep, bool at_once, int64_t *seconds)
{
	*seconds = at_once ? 0 : KEEP_DEFAULT;
	if (keep != NULL && !command_duration("keep", keep, seconds))
		return false;
	if (*seconds <= KEEP_MAX)
		return true;
	command_fail("--keep: %s is more than 90d", keep);
	return false;
}

static int
secret(int argc, char **argv)
{
	const char *keep = NULL;
	bool at_once = false;
	const struct command_option options[] = { { "keep", .value = &keep },
						  { "now", .flag = &at_once },
						  { NULL } };
	unsigned char hash[SHA256_SIZE];
	struct str stored = { (const char *)hash, sizeof(hash) };
	char text[TICKET_SIZE] = "";
	enum clients_done done = CLIENTS_INVALID;
	struct why why = { "" };
	struct database d;
	int64_t seconds;
	int result;
	enum err e;

	if (!command_options(&argc, argv, options) || argc != 2 ||
	    (at_once && keep != NULL))
		return COMMAND_MISUSED;
	if (!read_keep(keep, at_once, &seconds) || !database_open(&d, false))
		return COMMAND_FAILED;
	e = new_secret(text, hash);
	if (e == ERR_OK)
		e = clients_secret(d.db, str_of(argv[1]), stored, seconds,
				   str_of(d.actor), &done, &why);
	result = result_of(e, done, argv[1], &why);
	if (result == COMMAND_OK)
		result = show(argv[1], text);
	secret_wipe(text, sizeof(text));
	database_close(&d);
	return result;
}

/* ---- remove ---- */

static int
remove_client(int argc, char **argv)
{
	bool yes = false;
	const struct command_option options[] = { { "yes", .flag = &yes }, { NULL } };
	enum clients_done done = CLIENTS_MISSING;
	struct why why = { "" };
	struct database d;
	int64_t ended = 0;
	int result;
	enum err e;

	if (!command_options(&argc, argv, options) || argc != 2)
		return COMMAND_MISUSED;
	if (!command_confirm(yes,
			     "Remove the client %s? Nobody can log in there any more, "
			     "and what it was given ends.",
			     argv[1]) ||
	    !database_open(&d, false))
		return COMMAND_FAILED;
	e = clients_remove(d.db, str_of(argv[1]), str_of(d.actor), &done, &ended, &why);
	/* removed already: the verifiers are told once more */
	if (e == ERR_OK)
		e = database_end(&d, SESSION_END_OPERATOR, &why);
	result = result_of(e, done, argv[1], &why);
	if (done == CLIENTS_DONE)
		tell_ended(ended);
	database_close(&d);
	return result;
}

int
client_command(int argc, char **argv)
{
	static const struct command_action actions[] = {
		{ "add", add },       { "list", client_list },     { "set", set },
		{ "secret", secret }, { "remove", remove_client }, { NULL },
	};

	return command_dispatch(argc, argv, actions);
}
