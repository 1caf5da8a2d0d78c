/* /admin/status: how the site is, and the lines of the settings that decide about it. */
#include <stdio.h>
#include <stdlib.h>

#include "admin/site/site_health_list.h"
#include "config/config.h"
#include "jose/keyset/keyset.h"

#define KEYS_SHOWN 50
#define KEY_FIELDS 6
#define DAY 86400
#define SETTINGS 6
#define SETTING_SIZE 512

/* One published key in the form for the template. */
struct key_row {
	struct template_field fields[KEY_FIELDS];
	struct moment made, until;
	struct counted_phrase ago;
};

struct shown {
	struct health health;
	struct keyset set;
	struct key_row keys[KEYS_SHOWN];
	struct template_scope key_scopes[KEYS_SHOWN];
	size_t n_keys;
	char setting[SETTINGS][SETTING_SIZE];
	struct template_field setting_fields[SETTINGS];
	struct template_scope settings[SETTINGS];
};

static struct template_scope
fill_key(struct key_row *row, const struct jwk *key, int64_t now)
{
	struct template_field *f = row->fields;

	f[0] = text("kid", jwk_kid(key));
	f[1] = text("alg", str_of(key->alg != NULL ? key->alg->name : ""));
	f[2] = key->iat != 0 ? moment_field("made", key->iat, &row->made)
			     : flag("made", false);
	row->ago = phrases_ago(now - key->iat);
	f[3] = phrase("ago",
		      key->iat != 0 && now - key->iat >= DAY ? row->ago.phrase : NULL);
	f[4] = key->exp != 0 ? moment_field("until", key->exp, &row->until)
			     : flag("until", false);
	f[5] = text("count", str_of(row->ago.count));
	return (struct template_scope){ f, KEY_FIELDS };
}

/* Of the file that verifying programs read; no private key is. */
static void
list_keys(const struct app *app, struct shown *s)
{
	const char *path = app->config->verifying_keys;

	if (path == NULL || keyset_load(path, KEYSET_VERIFY, &s->set, NULL) != ERR_OK)
		return;
	for (size_t i = 0; i < s->set.n && i < KEYS_SHOWN; i++)
		s->key_scopes[s->n_keys++] =
			fill_key(&s->keys[i], &s->set.keys[i], app->now);
}

static void
list_settings(const struct config *c, struct shown *s)
{
	static const char *const registration[] = { "closed", "invited", "open" };
	int i = 0;

	snprintf(s->setting[i++], SETTING_SIZE, "public_url = %s", c->public_url);
	snprintf(s->setting[i++], SETTING_SIZE, "registration = %s",
		 registration[c->registration]);
	snprintf(s->setting[i++], SETTING_SIZE, "fresh_login = %llds",
		 (long long)c->fresh_login);
	snprintf(s->setting[i++], SETTING_SIZE, "session_life = %llds",
		 (long long)c->session_life);
	snprintf(s->setting[i++], SETTING_SIZE, "%smail_server = %s",
		 c->mail_server == NULL ? "# " : "",
		 c->mail_server == NULL ? "smtp://mail.example.org" : c->mail_server);
	snprintf(s->setting[i++], SETTING_SIZE, "%smail_from = %s",
		 c->mail_from == NULL ? "# " : "",
		 c->mail_from == NULL ? "members@example.org" : c->mail_from);
	for (i = 0; i < SETTINGS; i++) {
		s->setting_fields[i] = text("line", str_of(s->setting[i]));
		s->settings[i] = (struct template_scope){ &s->setting_fields[i], 1 };
	}
}

static void
send(struct app *app, const struct request *req, struct response *res,
     const struct visit *v, const struct shown *s)
{
	struct admin_frame frame;
	struct page *page = &frame.page;
	struct why why = { "" };
	enum err e;

	if ((e = admin_page(app, req, v, "admin_status", &frame)) == ERR_OK) {
		page_list(page, "lines", s->health.scopes, s->health.n);
		page_list(page, "keys", s->key_scopes, s->n_keys);
		page_list(page, "settings", s->settings, SETTINGS);
		page_text(page, "file", str_of(app->config->file));
		page_send(page, 200, res);
	} else {
		admin_unavailable(app, req, res, e, &why);
	}
	admin_frame_done(&frame);
}

void
site_status_show(struct app *app, const struct request *req, struct response *res,
		 const struct visit *v)
{
	enum admin_refusal refusal = ADMIN_NO_SESSION;
	struct health_facts facts;
	struct why why = { "" };
	struct shown *s = calloc(1, sizeof(*s));
	enum err e =
		s == NULL ? ERR_MEMORY : site_health_find(app, v, &facts, &refusal, &why);

	if (site_granted(app, req, res, e, refusal, &why)) {
		site_health_look(app, &facts, false, &s->health);
		list_keys(app, s);
		list_settings(app->config, s);
		send(app, req, res, v, s);
	}
	if (s != NULL)
		keyset_done(&s->set);
	free(s);
}
