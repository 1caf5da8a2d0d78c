/* doorward status: is everything well? On one page. Exit 1 if not. */
#include <stdio.h>

#include "base/clock.h"
#include "base/watch.h"
#include "bin/db/database.h"
#include "bin/who.h"
#include "jose/keyset/keyset.h"
#include "page/phrases.h"
#include "revocation/revocations.h"
#include "store/mail.h"
#include "store/oauth/oauth_figures.h"
#include "store/tidy/tidy.h"
#include "store/upkeep.h"
#include "json/json.h"

#define NO_SID "00000000-0000-0000-0000-000000000000"

/* One line of the page: the thing, whether it is well, and why. */
struct report {
	struct buf out;
	bool json;
	bool good;
	int64_t now;
};

static void
put(struct report *r, const char *what, bool good, const char *text)
{
	r->good = r->good && good;
	if (!r->json) {
		buf_addf(&r->out, "%-12s %-4s %s\n", what, good ? "ok" : "BAD", text);
		return;
	}
	json_put_name(&r->out, what);
	json_put_open(&r->out, '{');
	json_put_member_bool(&r->out, "good", good);
	json_put_member(&r->out, "text", str_of(text));
	json_put_close(&r->out, '}');
}

/* ---- the database ---- */

static void
put_counts(struct report *r, const struct db_rows *rows)
{
	static const char *const names[] = { "users", "disabled", "sessions", "throttled",
					     "revocations" };
	char text[200];

	if (r->json) {
		for (int i = 0; i < 5; i++)
			json_put_member_int(&r->out, names[i], db_int(rows, 0, i));
		return;
	}
	snprintf(text, sizeof(text),
		 "%lld user%s (%lld disabled), %lld session%s, %lld throttled account%s, "
		 "%lld revocation%s",
		 (long long)db_int(rows, 0, 0), command_plural(db_int(rows, 0, 0)),
		 (long long)db_int(rows, 0, 1), (long long)db_int(rows, 0, 2),
		 command_plural(db_int(rows, 0, 2)), (long long)db_int(rows, 0, 3),
		 command_plural(db_int(rows, 0, 3)), (long long)db_int(rows, 0, 4),
		 command_plural(db_int(rows, 0, 4)));
	put(r, "users", true, text);
}

#define MAIL_LATE                                                                        \
	3600 /* seconds; after this, nobody seems to send the mails that are
		        * due */

static void
put_mail_counts(struct report *r, const struct db_rows *rows)
{
	int64_t waiting = db_int(rows, 0, 0), failing = db_int(rows, 0, 1);
	int64_t given_up = db_int(rows, 0, 2), requests = db_int(rows, 0, 3);
	int64_t late = db_int(rows, 0, 4);
	struct buf text;

	buf_init(&text, 1024);
	buf_addf(&text, "%lld waiting (%lld not taken yet), %lld given up",
		 (long long)waiting, (long long)failing, (long long)given_up);
	if (requests > 0)
		buf_addf(&text, ", %lld request%s", (long long)requests,
			 command_plural(requests));
	if (given_up > 0 || failing > 0)
		buf_addz(&text, "; `doorward mail list` says why");
	if (late > MAIL_LATE)
		buf_addf(&text,
			 "; due for %lld minutes, and nobody runs `doorward mail send`",
			 (long long)late / 60);
	put(r, "mail", given_up == 0 && late <= MAIL_LATE, buf_z(&text));
	buf_done(&text);
}

/* If no mail is sent, nothing is reported, unless mails wait all the same. */
static void
put_mail(struct report *r, struct database *d)
{
	struct why why = { "" };
	struct db_rows *rows = NULL;
	enum err e = mail_status(d->db, &rows, &why);

	if (e != ERR_OK)
		put(r, "mail", false, why.text);
	else if (d->config.mail_server != NULL || db_int(rows, 0, 0) > 0)
		put_mail_counts(r, rows);
	db_rows_free(rows);
}

/* A site without clients has nothing to say, unless oauth is on. */
static void
put_clients(struct report *r, struct database *d)
{
	struct why why = { "" };
	struct oauth_figures n;
	char text[160];

	if (oauth_figures_get(d->db, &n, &why) != ERR_OK) {
		put(r, "clients", false, why.text);
		return;
	}
	if (r->json) {
		json_put_member_int(&r->out, "clients", n.clients);
		json_put_member_int(&r->out, "grants", n.grants);
		return;
	}
	if (n.clients == 0 && !d->config.oauth)
		return;
	snprintf(text, sizeof(text), "%lld, %lld grant%s (%lld without a session)%s",
		 (long long)n.clients, (long long)n.grants, command_plural(n.grants),
		 (long long)n.offline,
		 d->config.oauth ? "" : "; oauth is off, so none can be used");
	put(r, "clients", true, text);
}

#define DAY 86400
#define UPKEEP_LATE (2 * DAY) /* after this, nobody seems to run `doorward db tidy` */

/* "TEXT 3 hours ago", or that it was never done. */
static void
put_when(struct buf *out, const char *text, int64_t at, int64_t now)
{
	int64_t minutes = (now - at) / 60;

	if (at == 0)
		buf_addf(out, "%s never", text);
	else if (minutes < 120)
		buf_addf(out, "%s %lld minute%s ago", text, (long long)minutes,
			 command_plural(minutes));
	else if (minutes < 2 * DAY / 60)
		buf_addf(out, "%s %lld hours ago", text, (long long)minutes / 60);
	else
		buf_addf(out, "%s %lld days ago", text, (long long)minutes * 60 / DAY);
}

/* Nobody who waits for visitors to do it can be late. */
static void
put_upkeep_times(struct report *r, const struct tidy_times *t, bool timer)
{
	int64_t last = t->tidied_at != 0 ? t->tidied_at : t->since;
	bool late = timer && r->now - last > UPKEEP_LATE;
	struct buf text;

	buf_init(&text, 1024);
	buf_addf(&text, "by %s; ", timer ? "a timer" : "the programs");
	put_when(&text, "what is over was deleted", t->tidied_at, r->now);
	put_when(&text, ", keys were looked after", t->keys_at, r->now);
	if (late)
		buf_addz(&text, "; nobody runs `doorward db tidy`");
	put(r, "upkeep", !late, buf_z(&text));
	buf_done(&text);
	if (r->json && t->tidied_at != 0)
		json_put_member_int(&r->out, "tidied_at", t->tidied_at);
	if (r->json && t->keys_at != 0)
		json_put_member_int(&r->out, "keys_at", t->keys_at);
}

static void
put_upkeep(struct report *r, struct database *d)
{
	struct why why = { "" };
	struct tidy_times times;

	if (tidy_last(d->db, &times, &why) == ERR_OK)
		put_upkeep_times(r, &times, d->config.upkeep == UPKEEP_TIMER);
	else
		put(r, "upkeep", false, why.text);
}

static void
put_database(struct report *r, struct database *d)
{
	struct why why = { "" };
	struct db_rows *rows = NULL;
	struct buf advice;
	char text[80];
	enum err e = upkeep_status(d->db, &rows, &why);

	snprintf(text, sizeof(text), "schema %d", embedded_schema.number);
	buf_init(&advice, 4096);
	if (e == ERR_OK) {
		put(r, "database", true, text);
		put_counts(r, rows);
		put_mail(r, d);
		put_clients(r, d);
		put_upkeep(r, d);
	} else if (who_advise(&advice, &d->config, why.text, "status")) {
		put(r, "database", false, buf_z(&advice));
	} else {
		put(r, "database", false, why.text);
	}
	buf_done(&advice);
	db_rows_free(rows);
}

/* ---- files ---- */

/* A bad file: its age shows what running programs do now (watch.h). */
static void
put_bad(struct report *r, const char *what, int64_t changed_at, enum err e,
	const struct why *why)
{
	int64_t until = changed_at + WATCH_KEEP_MS / 1000;
	char text[sizeof(why->text) + 128], when[PHRASES_TIME_SIZE];

	phrases_time(until, when);
	if (watch_is_kept(e) && r->now < until)
		snprintf(text, sizeof(text),
			 "%s; running programs use the last good one until %s, new ones "
			 "answer 503",
			 why->text, when);
	else
		snprintf(text, sizeof(text), "%s; programs that need it answer 503",
			 why->text);
	put(r, what, false, text);
}

/* False, with a line in the report, if they cannot be parsed. */
static bool
put_settings(struct report *r)
{
	static const struct watch_kind file = { .name = "settings" };
	struct why why = { "" };
	struct config c;
	enum err e = config_load(config_path(), &c, &why);

	config_done(&c);
	if (e == ERR_OK || !watch_is_kept(e))
		return true; /* or this user may not read them: database_open says so */
	put_bad(r, "settings", watch_changed_at(&file, config_path()), e, &why);
	return false;
}

/* ---- keys ---- */

static void
put_age(struct buf *out, const struct jwk *key, int64_t now)
{
	if (key->iat == 0)
		buf_addz(out, ", of unknown age");
	else
		buf_addf(out, ", %lld day%s old", (long long)(now - key->iat) / 86400,
			 command_plural((now - key->iat) / 86400));
}

/* The key that signs logins, then those of the other algorithms. */
static void
put_current(struct buf *out, const struct keyset *set, const struct jwk *logins,
	    int64_t now)
{
	const struct alg *alg;
	const struct jwk *key;

	buf_addz(out, logins->alg->name);
	put_age(out, logins, now);
	for (size_t i = 0; (alg = alg_at(i)) != NULL; i++) {
		key = keyset_signing_key(set, alg, now, NULL);
		if (key == NULL || key == logins)
			continue;
		buf_addf(out, "; beside logins %s", alg->name);
		put_age(out, key, now);
	}
	buf_addf(out, ", %zu in all", set->n);
}

static void
put_signing(struct report *r, const struct config *c)
{
	const struct jwk *key;
	struct why why = { "" };
	struct keyset set;
	struct buf text;
	enum err e;

	if (c->signing_keys == NULL)
		return;
	if ((e = keyset_load(c->signing_keys, KEYSET_SIGN, &set, &why)) != ERR_OK) {
		put_bad(r, "signing", keyset_changed_at(c->signing_keys), e, &why);
		return;
	}
	buf_init(&text, 4096);
	key = keyset_signing_key(&set, alg_find(str_of(c->signing_alg)), r->now, &why);
	if (key != NULL)
		put_current(&text, &set, key, r->now);
	put(r, "signing", key != NULL, key != NULL ? buf_z(&text) : why.text);
	buf_done(&text);
	keyset_done(&set);
}

/* How old the newest and the oldest key is, as far as the keys tell. */
static void
put_ages(struct buf *out, const struct keyset *set, int64_t now)
{
	int64_t newest = 0, oldest = 0;

	for (size_t i = 0; i < set->n; i++) {
		int64_t iat = set->keys[i].iat;

		newest = iat > newest ? iat : newest;
		oldest = iat != 0 && (oldest == 0 || iat < oldest) ? iat : oldest;
	}
	if (newest == 0)
		return;
	buf_addf(out, ", %s%lld day%s old", set->n > 1 ? "the newest " : "",
		 (long long)(now - newest) / 86400,
		 command_plural((now - newest) / 86400));
	if (oldest != newest)
		buf_addf(out, ", the oldest %lld day%s",
			 (long long)(now - oldest) / 86400,
			 command_plural((now - oldest) / 86400));
}

static void
put_keys(struct report *r, const char *what, const char *path,
	 enum keyset_purpose purpose)
{
	struct why why = { "" };
	struct keyset set;
	struct buf text;
	enum err e;

	if (path == NULL)
		return;
	if ((e = keyset_load(path, purpose, &set, &why)) != ERR_OK) {
		put_bad(r, what, keyset_changed_at(path), e, &why);
		return;
	}
	buf_init(&text, 4096);
	buf_addf(&text, "%zu key%s", set.n, command_plural((int64_t)set.n));
	put_ages(&text, &set, r->now);
	put(r, what, true, buf_z(&text));
	buf_done(&text);
	keyset_done(&set);
}

static void
put_all_keys(struct report *r, const struct config *c)
{
	put_signing(r, c);
	put_keys(r, "verifying", c->verifying_keys, KEYSET_VERIFY_ANY);
	if (c->token_encryption) {
		put_keys(r, "encryption", c->encryption_keys, KEYSET_ENCRYPT);
		put_keys(r, "decryption", c->decryption_keys, KEYSET_DECRYPT);
	}
	for (size_t i = 0; i < c->issuers.n; i++) {
		char what[64];

		snprintf(what, sizeof(what), "issuer.%s", c->issuers.items[i].name);
		put_keys(r, what, c->issuers.items[i].keys, KEYSET_VERIFY);
	}
}

/* ---- the revocation file ---- */

static void
put_revocations(struct report *r, const struct config *c)
{
	enum revocations_answer answer;
	struct revocations file;
	bool good, full;
	char text[160];
	size_t n;

	if (!c->revocation) {
		put(r, "revocation", true, "off: a token lives until it runs out");
		return;
	}
	if (c->revocation_file == NULL) {
		put(r, "revocation", false, "revocation_file is not set");
		return;
	}
	revocations_init(&file, c->revocation_file, c->revocation_max_age);
	answer = revocations_check(&file, STR(NO_SID), r->now);
	if (answer != REVOCATIONS_FAILED && revocations_check_all(&file, NULL) != ERR_OK)
		answer = REVOCATIONS_FAILED;
	n = revocations_count(&file);
	full = revocations_is_half_full(&file);
	good = answer != REVOCATIONS_FAILED && !full;
	snprintf(text, sizeof(text), "%zu session%s, written %lld s ago%s", n,
		 command_plural((int64_t)n),
		 (long long)(r->now - file.soon.view.head.written),
		 !full ? ""
		       : ": more than half of what it holds; who "
			 "ends so many?");
	put(r, "revocation", good,
	    answer != REVOCATIONS_FAILED ? text
					 : "missing, damaged or too old: "
					   "verifiers refuse every token");
	revocations_done(&file);
}

static bool
put_all(struct report *r)
{
	struct database d;

	if (r->json)
		json_put_open(&r->out, '{');
	if (put_settings(r)) {
		if (!database_open(&d, false))
			return false;
		put_database(r, &d);
		put_all_keys(r, &d.config);
		put_revocations(r, &d.config);
		database_close(&d);
	}
	if (r->json) {
		json_put_member_bool(&r->out, "good", r->good);
		json_put_close(&r->out, '}');
		buf_addc(&r->out, '\n');
	}
	return true;
}

int
status_command(int argc, char **argv)
{
	bool json = false;
	const struct command_option options[] = { { "json", .flag = &json }, { NULL } };
	struct report r = { .good = true };
	int result = COMMAND_FAILED;

	if (!command_options(&argc, argv, options) || argc != 1)
		return COMMAND_MISUSED;
	if (clock_now(&r.now) != ERR_OK)
		return command_fail("the clock of this host is not set");
	r.json = json;
	buf_init(&r.out, DATABASE_OUT_MAX);
	if (put_all(&r) && database_write(&r.out))
		result = r.good ? COMMAND_OK : COMMAND_NO;
	buf_done(&r.out);
	return result;
}
