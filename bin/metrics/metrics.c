/*
 * doorward metrics: figures for Prometheus, by way of node_exporter's textfile collector.
 */
#include "base/file.h"
#include "bin/db/database.h"
#include "bin/metrics/metrics_text.h"
#include "jose/keyset/keyset.h"
#include "revocation/revocations.h"
#include "store/mail.h"
#include "store/oauth/oauth_figures.h"
#include "store/program/programs.h"
#include "store/tidy/tidy.h"
#include "store/upkeep.h"

#define OUT_MAX (1024 * 1024)
#define OUT_MODE 0644 /* node_exporter is another user */

/* What is written, and whether something is missing. */
struct figures {
	struct buf out;
	bool whole;
	int64_t now;
};

static void
miss(struct figures *f, const char *what, const struct why *why, enum err e)
{
	f->whole = false;
	command_fail("%s: %s", what, why->text[0] != '\0' ? why->text : err_text(e));
}

static void
put_one(struct figures *f, const char *name, const char *help, int64_t value)
{
	metrics_gauge(&f->out, name, help);
	metrics_put(&f->out, name, NULL, value);
}

/* ---- events and logins ---- */

/* The outcomes of a login, by the events of the audit. */
static const struct {
	const char *event, *outcome;
} outcomes[] = {
	{ "login_ok", "ok" },
	{ "login_failed", "failed" },
	{ "login_throttled", "throttled" },
	{ "login_too_often", "too_often" },
};

#define OUTCOMES (sizeof(outcomes) / sizeof(*outcomes))

static void
put_logins(struct figures *f, const struct db_rows *rows)
{
	metrics_counter(&f->out, "logins_total",
			"Logins since the first call of this command, by outcome.");
	for (size_t k = 0; k < OUTCOMES; k++) {
		const struct metrics_label labels[] = {
			{ "outcome", str_of(outcomes[k].outcome) }, { NULL }
		};
		int64_t n = 0;

		for (size_t i = 0; i < db_count(rows); i++)
			if (str_is(db_str(rows, i, 0), outcomes[k].event))
				n = db_int(rows, i, 1);
		metrics_put(&f->out, "logins_total", labels, n);
	}
}

static void
put_events(struct figures *f, const struct db_rows *rows)
{
	metrics_counter(&f->out, "audit_events_total", "Rows of the audit, by event.");
	for (size_t i = 0; i < db_count(rows); i++) {
		const struct metrics_label labels[] = { { "event", db_str(rows, i, 0) },
							{ NULL } };

		metrics_put(&f->out, "audit_events_total", labels, db_int(rows, i, 1));
	}
}

/* ---- the database ---- */

static void
put_counts(struct figures *f, const struct db_rows *rows)
{
	const struct metrics_label enabled[] = { { "state", STR("enabled") }, { NULL } };
	const struct metrics_label disabled[] = { { "state", STR("disabled") },
						  { NULL } };

	metrics_gauge(&f->out, "users", "Users, by state.");
	metrics_put(&f->out, "users", enabled, db_int(rows, 0, 0) - db_int(rows, 0, 1));
	metrics_put(&f->out, "users", disabled, db_int(rows, 0, 1));
	put_one(f, "sessions", "Open sessions.", db_int(rows, 0, 2));
	put_one(f, "throttled_accounts",
		"Names and accounts whose next login has to wait after wrong tries.",
		db_int(rows, 0, 3));
	put_one(f, "revocations", "Sessions whose tokens are revoked, in the database.",
		db_int(rows, 0, 4));
}

static void
put_mails(struct figures *f, const struct db_rows *rows)
{
	static const char *const states[] = { "waiting", "failing", "given_up" };

	metrics_gauge(&f->out, "outbox_mails",
		      "Mails in the outbox, by state. Those that are failing wait, too.");
	for (int i = 0; i < 3; i++) {
		const struct metrics_label labels[] = { { "state", str_of(states[i]) },
							{ NULL } };

		metrics_put(&f->out, "outbox_mails", labels, db_int(rows, 0, i));
	}
	put_one(f, "outbox_requests", "Forms whose mail is not decided yet.",
		db_int(rows, 0, 3));
	put_one(f, "outbox_late_seconds", "How long the first due mail has been waiting.",
		db_int(rows, 0, 4));
}

/* The programs that use this login, and what they hold. */
static void
put_clients(struct figures *f, const struct oauth_figures *n)
{
	const struct metrics_label session[] = { { "kind", STR("session") }, { NULL } };
	const struct metrics_label offline[] = { { "kind", STR("offline") }, { NULL } };

	put_one(f, "oauth_clients", "Clients that are registered.", n->clients);
	metrics_gauge(&f->out, "oauth_grants",
		      "Grants of clients that have neither ended nor expired. Those of "
		      "the kind offline outlive the session.");
	metrics_put(&f->out, "oauth_grants", session, n->grants - n->offline);
	metrics_put(&f->out, "oauth_grants", offline, n->offline);
	put_one(f, "oauth_requests",
		"Requests of clients that wait for a login or a consent.", n->requests);
}

/* What was never done has no sample. */
static void
put_upkeep(struct figures *f, const struct tidy_times *times)
{
	const struct metrics_label tidy[] = { { "work", STR("tidy") }, { NULL } };
	const struct metrics_label keys[] = { { "work", STR("keys") }, { NULL } };

	metrics_gauge(&f->out, "upkeep_age_seconds",
		      "Seconds since the upkeep was last done: what is over was deleted "
		      "(tidy), the signing keys were looked after (keys).");
	if (times->tidied_at != 0)
		metrics_put(&f->out, "upkeep_age_seconds", tidy,
			    f->now - times->tidied_at);
	if (times->keys_at != 0)
		metrics_put(&f->out, "upkeep_age_seconds", keys, f->now - times->keys_at);
}

/* All of the database, or nothing of it. */
static void
put_database(struct figures *f, struct database *d)
{
	struct db_rows *events = NULL, *counts = NULL, *mails = NULL;
	struct oauth_figures clients;
	struct tidy_times times;
	struct why why = { "" };
	int64_t tokens = 0, until;
	enum err e = upkeep_figures(d->db, &events, &why);

	if (e == ERR_OK)
		e = upkeep_status(d->db, &counts, &why);
	if (e == ERR_OK)
		e = mail_status(d->db, &mails, &why);
	if (e == ERR_OK)
		e = programs_figures(d->db, &tokens, &until, &why);
	if (e == ERR_OK)
		e = oauth_figures_get(d->db, &clients, &why);
	if (e == ERR_OK)
		e = tidy_last(d->db, &times, &why);
	put_one(f, "database_up", "1 if the database answered, else 0.", e == ERR_OK);
	if (e == ERR_OK) {
		put_logins(f, events);
		put_events(f, events);
		put_counts(f, counts);
		put_mails(f, mails);
		put_one(f, "program_tokens",
			"Tokens for programs that have neither ended nor expired.",
			tokens);
		put_clients(f, &clients);
		put_upkeep(f, &times);
	} else {
		miss(f, "the database", &why, e);
	}
	db_rows_free(events);
	db_rows_free(counts);
	db_rows_free(mails);
}

/* ---- keys ---- */

static struct str
state_name(enum keyset_state state)
{
	switch (state) {
	case KEY_WAITING:
		return STR("waiting");
	case KEY_SIGNING:
		return STR("signing");
	case KEY_VERIFYING:
		return STR("verifying");
	case KEY_OVER:
		return STR("over");
	}
	return STR("unknown");
}

/* A key whose age is unknown has no sample. */
static void
put_key(struct figures *f, const struct keyset *set, const struct jwk *key)
{
	const struct metrics_label labels[] = {
		{ "alg", str_of(key->alg == NULL ? "" : key->alg->name) },
		{ "kid", jwk_kid(key) },
		{ "state", state_name(keyset_state(set, key, f->now)) },
		{ NULL }
	};

	if (key->iat != 0)
		metrics_put(&f->out, "key_age_seconds", labels, f->now - key->iat);
}

static void
put_keys(struct figures *f, const struct config *c)
{
	struct why why = { "" };
	struct keyset set;
	enum err e;

	if (c->signing_keys == NULL)
		return;
	if ((e = keyset_load(c->signing_keys, KEYSET_MANAGE, &set, &why)) != ERR_OK) {
		miss(f, "the signing keys", &why, e);
		return;
	}
	metrics_gauge(
		&f->out, "key_age_seconds",
		"Seconds since a key of signing_keys was made, by what it does now.");
	for (size_t i = 0; i < set.n; i++)
		put_key(f, &set, &set.keys[i]);
	keyset_done(&set);
}

/* ---- the revocation file ---- */

static void
put_revocations(struct figures *f, const struct config *c)
{
	struct why why = { "" };
	struct revocations file;
	enum err e;

	if (!c->revocation || c->revocation_file == NULL)
		return;
	revocations_init(&file, c->revocation_file, 0);
	e = revocations_load(&file, &why);
	if (e == ERR_OK)
		e = revocations_check_all(&file, &why);
	if (e == ERR_OK) {
		put_one(f, "revocation_file_entries", "Records of the revocation file.",
			(int64_t)revocations_count(&file));
		put_one(f, "revocation_file_age_seconds",
			"Seconds since the revocation file was written.",
			f->now - file.soon.view.head.written);
	} else {
		miss(f, "the revocation file", &why, e);
	}
	revocations_done(&file);
}

/* ---- all of it ---- */

static void
put_all(struct figures *f, struct database *d)
{
	const struct metrics_label version[] = { { "version", STR(DOORWARD_VERSION) },
						 { NULL } };

	metrics_gauge(&f->out, "build_info", "1, with the version as a label.");
	metrics_put(&f->out, "build_info", version, 1);
	put_database(f, d);
	put_keys(f, &d->config);
	put_revocations(f, &d->config);
}

static bool
write_out(const struct buf *out, const char *path)
{
	const struct file_access access = { OUT_MODE, FILE_ANYONE, FILE_ANYONE };
	struct why why = { "" };

	if (path == NULL || out->failed)
		return database_write(out);
	if (file_replace(path, buf_str(out), &access, &why) == ERR_OK)
		return true;
	command_fail("%s", why.text);
	return false;
}

int
metrics_command(int argc, char **argv)
{
	const char *path = NULL;
	const struct command_option options[] = { { "out", .value = &path }, { NULL } };
	struct figures f = { .whole = true };
	int result = COMMAND_FAILED;
	struct database d;

	if (!command_options(&argc, argv, options) || argc != 1)
		return COMMAND_MISUSED;
	if (!command_now(&f.now) || !database_open(&d, false))
		return COMMAND_FAILED;
	buf_init(&f.out, OUT_MAX);
	put_all(&f, &d);
	if (write_out(&f.out, path))
		result = f.whole ? COMMAND_OK : COMMAND_NO;
	buf_done(&f.out);
	database_close(&d);
	return result;
}
