#include "admin/site/site_health_list.h"

#include "config/config.h"
#include "jose/keyset/keyset.h"
#include "revocation/revocations.h"
#include "ruleset/ruleset.h"

#define MAIL_LATE 3600 /* seconds; after this, nobody seems to send the mails */
#define NO_SID "ffffffff-ffff-4fff-bfff-ffffffffffff"

/* Add a line. The phrase `said` may use {{first}} and {{second}}. */
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

void
site_health_look(const struct app *app, const struct site_figures *figures, bool bad_only,
		 struct health *h)
{
	h->n = 0;
	put(h, bad_only, true, "admin_status.database", "admin_status.database_well",
	    figures->people, figures->disabled);
	put_mail(app->config, figures, bad_only, h);
	put_keys(app->config, bad_only, h);
	put_revocations(app, bad_only, h);
	put_rules(app->config, bad_only, h);
}
