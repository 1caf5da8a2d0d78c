#include "admin/site/site_health_list.h"

#include "config/config.h"
#include "db/schema.h"
#include "jose/keyset/keyset.h"
#include "revocation/revocations.h"
#include "ruleset/ruleset.h"
#include "serve/power_database.h"

#define UPKEEP_LATE (2 * 86400) /* seconds; after this, nobody seems to do it */
#define MAIL_LATE 3600          /* seconds; after this, nobody seems to send the mails */
#define NO_SID "ffffffff-ffff-4fff-bfff-ffffffffffff"

enum err
site_health_find(struct app *app, const struct visit *v, struct health_facts *facts,
		 enum admin_refusal *refusal, struct why *why)
{
	enum err e = site_status(app_db(app), site_sid(v), &facts->figures, refusal, why);

	if (e == ERR_OK && *refusal == ADMIN_GRANTED)
		e = tidy_last(app_db(app), &facts->upkeep, why);
	return e;
}

/*
 * Add a line. The phrase `said` may use {{first}} and {{second}}, and {{ago}}: how long
 * ago `second` was, if it is a time.
 */
static void
put(struct health *h, bool bad_only, bool good, const char *what, const char *said,
    int64_t first, int64_t second)
{
	struct health_line *line = &h->line[h->n];
	struct template_field *f = line->fields;

	if ((good && bad_only) || h->n == HEALTH_LINES)
		return;
	line->good = good;
	f[0] = phrase("what", what);
	f[1] = flag("good", good);
	f[2] = phrase("said", said);
	f[3] = text("first", site_number(first, line->first));
	f[4] = text("second", site_number(second, line->second));
	line->ago = phrases_ago(h->now - second);
	f[5] = phrase("ago", line->ago.phrase);
	f[6] = text("count", str_of(line->ago.count));
	h->scopes[h->n++] = (struct template_scope){ f, HEALTH_FIELDS };
}

static void
put_mail(const struct config *c, const struct site_figures *figures, bool bad_only,
	 struct health *h)
{
	static const char what[] = "admin_status.mail";

	if (c->mail_server == NULL)
		put(h, bad_only, figures->mail_waiting == 0, what,
		    figures->mail_waiting == 0 ? "admin_status.mail_off"
					       : "admin_status.mail_off_waiting",
		    figures->mail_waiting, 0);
	else if (figures->mail_late > MAIL_LATE)
		put(h, bad_only, false, what, "admin_status.mail_late",
		    figures->mail_waiting, figures->mail_late / 60);
	else
		put(h, bad_only, true, what, "admin_status.mail_well",
		    figures->mail_waiting, figures->mail_failing);
	put(h, true, figures->mail_given_up == 0, what, "admin_status.mail_given_up",
	    figures->mail_given_up, 0);
}

static void
put_keys(const struct config *c, bool bad_only, struct health *h)
{
	struct keyset set;
	bool good = c->verifying_keys != NULL &&
		    keyset_load(c->verifying_keys, KEYSET_VERIFY, &set, NULL) == ERR_OK;

	put(h, bad_only, good, "admin_status.keys",
	    good ? "admin_status.keys_well" : "admin_status.keys_bad",
	    good ? (int64_t)set.n : 0, 0);
	if (c->verifying_keys != NULL)
		keyset_done(&set);
}

static void
put_revocations(const struct app *app, bool bad_only, struct health *h)
{
	static const char what[] = "admin_status.revocation";
	const struct config *c = app->config;
	struct revocations file;
	bool readable, roomy;

	if (!c->revocation || c->revocation_file == NULL) {
		put(h, bad_only, !c->revocation, what, "admin_status.revocation_off", 0,
		    0);
		return;
	}
	revocations_init(&file, c->revocation_file, c->revocation_max_age);
	readable =
		revocations_check(&file, STR(NO_SID), app->now) != REVOCATIONS_FAILED &&
		revocations_check_all(&file, NULL) == ERR_OK;
	roomy = !revocations_is_half_full(&file);
	put(h, bad_only, readable && roomy, what,
	    !readable ? "admin_status.revocation_bad"
	    : !roomy  ? "admin_status.revocation_full"
		      : "admin_status.revocation_well",
	    (int64_t)revocations_count(&file), app->now - file.soon.view.head.written);
	revocations_done(&file);
}

static void
put_rules(const struct config *c, bool bad_only, struct health *h)
{
	struct rules rules;
	bool good = ruleset_read(c, &rules, NULL) == ERR_OK;

	put(h, bad_only, good, "admin_status.rules",
	    good ? "admin_status.rules_well" : "admin_status.rules_bad",
	    (int64_t)c->rules.n, 0);
	rules_done(&rules);
}

/* Nobody who waits for visitors to do it can be late. */
static void
put_upkeep(const struct config *c, const struct tidy_times *t, bool bad_only,
	   struct health *h)
{
	static const char what[] = "admin_status.upkeep";
	int64_t last = t->tidied_at != 0 ? t->tidied_at : t->since;
	bool late = c->upkeep == UPKEEP_TIMER && h->now - last > UPKEEP_LATE;

	if (late)
		put(h, bad_only, false, what, "admin_status.upkeep_late", 0, last);
	else
		put(h, bad_only, true, what,
		    t->tidied_at != 0 ? "admin_status.upkeep_done"
				      : "admin_status.upkeep_never",
		    0, t->tidied_at);
	put(h, bad_only, true, "admin_status.rotation",
	    t->keys_at != 0 ? "admin_status.rotation_done"
			    : "admin_status.rotation_never",
	    0, t->keys_at);
}

void
site_health_look(const struct app *app, const struct health_facts *facts, bool bad_only,
		 struct health *h)
{
	h->n = 0;
	h->now = app->now;
	put(h, bad_only, true, "admin_status.database", "admin_status.database_well",
	    facts->figures.people, facts->figures.disabled);
	put(h, bad_only, true, "admin_status.version", "admin_status.version_well",
	    embedded_schema.number, 0);
	put_mail(app->config, &facts->figures, bad_only, h);
	put_keys(app->config, bad_only, h);
	put_revocations(app, bad_only, h);
	put_rules(app->config, bad_only, h);
	put_upkeep(app->config, &facts->upkeep, bad_only, h);
}
