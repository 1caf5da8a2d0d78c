#include "bin/user/import_batch.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "mail/mail_address.h"
#include "people/password.h"
#include "store/imports.h"
#include "json/json.h"

#define TRIES 5 /* of a batch, if others add the same users at the same moment */
#define NAME_SHOWN_MAX 255
#define PROGRESS_EVERY 1000

void
import_batch_init(struct import_batch *b, struct database *d)
{
	*b = (struct import_batch){ .d = d, .terminal = isatty(STDERR_FILENO) };
	buf_init(&b->json, IMPORTS_BYTES_MAX);
	buf_init(&b->names, (size_t)4 * IMPORTS_BYTES_MAX);
}

void
import_batch_done(struct import_batch *b)
{
	buf_done(&b->json);
	buf_done(&b->names);
	import_seen_done(&b->seen);
}

/* ---- what is shown ---- */

static void
clear_progress(struct import_batch *b)
{
	if (b->terminal && b->shown > 0)
		fputs("\r\033[K", stderr);
	b->shown = 0;
}

static void
show_progress(struct import_batch *b)
{
	size_t n = b->good + b->same + b->refused;

	if (!b->terminal || n < b->shown + PROGRESS_EVERY)
		return;
	fprintf(stderr, "\r\033[K%zu users, %zu of them refused", n, b->refused);
	b->shown = n;
}

/* A name that a terminal could obey, or that is none, is not shown. */
bool
import_batch_refuse(void *context, size_t line, struct str name, const char *reason)
{
	struct import_batch *b = context;
	bool shown = name.n > 0 && name.n <= NAME_SHOWN_MAX && str_is_utf8(name) &&
		     !str_has_control(name);

	b->refused++;
	clear_progress(b);
	command_no("line %zu: %.*s%s%s", line, shown ? (int)name.n : 0, name.p,
		   shown ? ": " : "", reason);
	return !b->failed;
}

/* ---- what became of each ---- */

static const char *
explain(struct str outcome, const struct import_batch *b, char text[256])
{
	static const struct {
		const char *outcome, *reason;
	} reasons[] = {
		{ "name",
		  "a name is 1 to 255 bytes of UTF-8 without control or invisible "
		  "characters" },
		{ "roles",
		  "a role is 1 to 64 of A-Z a-z 0-9 _ . : -; a user has each once, "
		  "and 64 of 768 bytes at most" },
		{ "display name", "a display name is 1 to 100 characters" },
		{ "address", "the address cannot be mailed to" },
		{ "given up",
		  "somebody had this name and gave it up less than 90 days ago" },
		{ "address taken",
		  "the address is the verified address of another user" },
	};

	for (size_t i = 0; i < sizeof(reasons) / sizeof(*reasons); i++)
		if (str_is(outcome, reasons[i].outcome))
			return reasons[i].reason;
	if (str_is(outcome, "not own"))
		return b->verified ? "a name with an @ must be the user's own verified "
				     "address"
				   : "a name with an @ must be the user's own verified "
				     "address; --verified says that the addresses are";
	snprintf(text, 256,
		 "there is a user of this name already, and this is not the same: %.*s",
		 STR_ARG(str_sub(outcome, strlen("differs: "), 128)));
	return text;
}

/* In a dry run: would an earlier user of the file have the name or the address? */
static const char *
seen_before(struct import_batch *b, const struct db_rows *rows, size_t i, char text[256])
{
	size_t name = 0, address = 0;

	if (!import_seen_add(&b->seen, 'n', db_str(rows, i, 1), b->lines[i], &name) ||
	    (db_str(rows, i, 2).n > 0 && name == 0 &&
	     !import_seen_add(&b->seen, 'a', db_str(rows, i, 2), b->lines[i], &address)))
		return "no memory to compare it with the others";
	if (name == 0 && address == 0)
		return NULL;
	snprintf(text, 256, "line %zu has the same %s", name > 0 ? name : address,
		 name > 0 ? "name" : "verified address");
	return text;
}

static void
count_one(struct import_batch *b, const struct db_rows *rows, size_t i, struct str name)
{
	struct str outcome = db_str(rows, i, 0);
	const char *reason = NULL;
	char text[256];

	if (str_is(outcome, "same")) {
		b->same++;
		return;
	}
	if (!str_is(outcome, "ok"))
		reason = explain(outcome, b, text);
	else if (b->dry)
		reason = seen_before(b, rows, i, text);
	if (reason == NULL)
		b->good++;
	else
		import_batch_refuse(b, b->lines[i], name, reason);
}

static void
count(struct import_batch *b, const struct db_rows *rows)
{
	struct str names = buf_str(&b->names);

	for (size_t i = 0; i < b->n; i++)
		count_one(b, rows, i, str_cut(&names, '\0'));
}

static void
store(struct import_batch *b)
{
	struct why why = { "" };
	struct db_rows *rows = NULL;
	enum err e = ERR_EXISTS;

	json_put_close(&b->json, ']');
	for (int i = 0; e == ERR_EXISTS && i < TRIES; i++)
		e = imports_add(b->d->db, buf_str(&b->json), b->dry, str_of(b->d->actor),
				&rows, &why);
	if (e == ERR_OK && db_count(rows) == b->n) {
		count(b, rows);
	} else {
		b->failed = true;
		clear_progress(b);
		database_result(e == ERR_OK ? ERR_DATABASE : e, &why);
	}
	db_rows_free(rows);
	buf_clear(&b->json);
	buf_clear(&b->names);
	b->n = 0;
	show_progress(b);
}

void
import_batch_end(struct import_batch *b)
{
	if (b->n > 0 && !b->failed)
		store(b);
	clear_progress(b);
}

/* ---- one user ---- */

/* Could a login here compute it? Then NULL, else the reason. */
static const char *
judge_hash(const struct import_batch *b, struct str hash)
{
	const struct config *c = &b->d->config;
	const struct password_cost own = { (size_t)c->password_memory,
					   (unsigned)c->password_time };

	if (hash.n == 0)
		return NULL;
	if (!password_hash_is_supported(&own, hash))
		return "a hash of a kind that is not supported, or too costly; `doorward "
		       "help "
		       "user` names the kinds";
	if (password_hash_is_weak(hash) && !b->weak)
		return "a weak hash: whoever has a copy of it finds the password soon; "
		       "--weak "
		       "takes it until the next login";
	return NULL;
}

static void
put_user(struct buf *out, const struct import_batch *b, const struct import_user *user)
{
	json_put_open(out, '{');
	json_put_member(out, "name", user->name);
	json_put_name(out, "roles");
	json_put_open(out, '[');
	for (size_t i = 0; i < user->n_roles; i++)
		json_put_str(out, user->roles[i]);
	json_put_close(out, ']');
	json_put_member_bool(out, "disabled", user->disabled);
	json_put_member_bool(out, "verified",
			     b->verified && user->address.n > 0 && !user->unverified);
	if (user->address.n > 0)
		json_put_member(out, "address", user->address);
	if (user->display_name.n > 0)
		json_put_member(out, "display_name", user->display_name);
	if (user->hash.n > 0)
		json_put_member(out, "hash", user->hash);
	json_put_close(out, '}');
}

/* Add it to the batch, which is stored first if there is no room. */
static bool
add(struct import_batch *b, const struct import_user *user)
{
	struct buf one;
	bool good;

	buf_init(&one, IMPORTS_BYTES_MAX - 2);
	put_user(&one, b, user);
	if (!one.failed &&
	    (b->n == IMPORT_BATCH_USERS || one.n > b->json.max - b->json.n - 2))
		store(b);
	good = !one.failed;
	if (good && !b->failed) {
		if (b->n == 0)
			json_put_open(&b->json, '[');
		json_put_raw(&b->json, buf_str(&one));
		buf_add(&b->names, user->name);
		buf_addc(&b->names, '\0');
		b->lines[b->n++] = user->line;
	}
	buf_done(&one);
	return good;
}

bool
import_batch_take(void *context, const struct import_user *user)
{
	struct import_batch *b = context;
	const char *wrong = judge_hash(b, user->hash);

	if (wrong == NULL && user->address.n > 0 && !mail_address_is_valid(user->address))
		wrong = "the address cannot be mailed to: local@domain in ASCII is "
			"wanted";
	if (wrong == NULL && !add(b, user))
		wrong = "it is too long";
	if (wrong != NULL)
		return import_batch_refuse(b, user->line, user->name, wrong);
	return !b->failed;
}
