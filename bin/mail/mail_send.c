/*
 * doorward mail send: decide what was asked for, send what is due. It asks the database as a
 * role that can do nothing else.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "bin/mail/mail.h"
#include "config/roles/db_roles.h"
#include "mail/mail_address.h"
#include "mail/mail_request.h"

#define RUN_MS 200000 /* then a next run goes on: a connection lives for five minutes */
#define LOCK_MS 3000  /* for a worker that is just ending */
#define LOOK_MS 1000  /* between two looks, while it stays */
#define STAY_MAX 60   /* seconds */

struct worker {
	struct sender sender;
	struct db *db;
	int64_t began, stays_until;  /* clock_monotonic_ms */
	bool away;                   /* nothing can be sent now */
	int64_t left;                /* mails that could not be sent */
	struct str *domains, *roles; /* of the settings, for registrations */
};

static void
pause_ms(int64_t ms)
{
	const struct timespec t = { ms / 1000, ms % 1000 * 1000000L };

	nanosleep(&t, NULL);
}

/* ---- requests ---- */

/* NULL for none, and where there is no memory. */
static struct str *
words_of(const struct config_list *list)
{
	struct str *words = list->n > 0 ? calloc(list->n, sizeof(*words)) : NULL;

	for (size_t i = 0; words != NULL && i < list->n; i++)
		words[i] = str_of(list->items[i]);
	return words;
}

static bool
take_rules(struct worker *w)
{
	const struct config *c = &w->sender.config;

	w->domains = words_of(&c->registration_domains);
	w->roles = words_of(&c->registration_roles);
	return (w->domains != NULL || c->registration_domains.n == 0) &&
	       (w->roles != NULL || c->registration_roles.n == 0);
}

/* What cannot be anybody's name or address is decided as if nothing had been typed. */
static bool
may_be_meant(const struct mail_request *r, struct str typed)
{
	if (strcmp(r->request, MAIL_REQUEST_REGISTER) == 0)
		return mail_address_is_valid(typed);
	return str_is_utf8(typed) && !str_has_control(typed);
}

/* Who was meant is for the database to say; nothing of it is printed. */
static enum err
decide(struct worker *w, const struct mail_request *r, struct why *why)
{
	const struct config *c = &w->sender.config;
	const struct mail_rules rules = {
		.open = c->registration == REGISTRATION_OPEN,
		.domains = w->domains,
		.n_domains = c->registration_domains.n,
		.roles = w->roles,
		.n_roles = c->registration_roles.n,
	};
	struct str sealed = { (const char *)r->sealed, r->n_sealed };
	struct buf typed;
	bool good = false;
	enum err e;

	buf_init(&typed, MAIL_REQUEST_TYPED);
	e = mail_request_unseal(buf_str(&w->sender.key), r->request, str_of(r->language),
				sealed, &typed, &good);
	if (e == ERR_OK) {
		if (!good)
			command_fail("a request could not be opened: mail_key is not the "
				     "one that the account program has");
		else if (!may_be_meant(r, buf_str(&typed)))
			buf_clear(&typed);
		e = mail_request_decide(w->db, r->id, buf_str(&typed), &rules, why);
	}
	buf_done(&typed);
	return e;
}

static enum err
one_request(struct worker *w, bool *found, struct why *why)
{
	struct mail_request request;
	enum err e = ERR_OK;

	*found = false;
	if (w->sender.key.n == 0)
		return ERR_OK;
	if ((e = mail_request_take(w->db, &request, found, why)) == ERR_OK && *found)
		e = decide(w, &request, why);
	return e;
}

/* ---- mails ---- */

/* A mail that could not be sent is in the database, with the reason. */
static enum err
one_mail(struct worker *w, bool *found, struct why *why)
{
	struct mail_result result;
	struct mail_taken mail;
	enum err e = mail_take(w->db, &mail, found, why);

	if (e != ERR_OK || !*found)
		return e;
	sender_deliver(&w->sender, &mail, &result);
	w->left += result.outcome != MAIL_SENT;
	w->away = result.away;
	if (result.outcome != MAIL_SENT)
		command_no("mail %lld (%s): %s", (long long)mail.id, mail.template,
			   result.reason.text);
	return mail_settle(w->db, mail.id, result.outcome, str_of(result.reason.text),
			   why);
}

/* ---- the run ---- */

static enum err
run(struct worker *w, struct why *why)
{
	bool found = true;
	enum err e = ERR_OK;

	while (e == ERR_OK && !w->away && clock_monotonic_ms() - w->began < RUN_MS) {
		if ((e = one_request(w, &found, why)) == ERR_OK && !found)
			e = one_mail(w, &found, why);
		if (found || e != ERR_OK)
			continue;
		if (clock_monotonic_ms() >= w->stays_until)
			break;
		pause_ms(LOOK_MS);
	}
	return e;
}

/* `*mine` false: another worker is at work, and sends what is due. */
static enum err
lock(struct worker *w, bool *mine, struct why *why)
{
	enum err e;

	while ((e = mail_lock(w->db, mine, why)) == ERR_OK && !*mine &&
	       clock_monotonic_ms() - w->began < LOCK_MS)
		pause_ms(LOOK_MS / 4);
	return e;
}

static int
work(struct worker *w)
{
	const char *conninfo = db_role_conninfo(&w->sender.config, DB_ROLE_MAIL);
	struct why why = { "" };
	bool mine = false;
	enum err e = config_need(&w->sender.config, "database_mail", &why);

	if (e == ERR_OK)
		e = db_open_patient(&w->db, conninfo, "doorward mail", &embedded_schema,
				    &why);
	if (e == ERR_OK)
		e = lock(w, &mine, &why);
	if (e == ERR_OK && mine && (e = run(w, &why)) == ERR_OK)
		e = mail_unlock(w->db, &why);
	db_close(w->db);
	if (e != ERR_OK)
		return command_fail("%s", why.text[0] != '\0' ? why.text : err_text(e));
	return w->left > 0 ? COMMAND_NO : COMMAND_OK;
}

int
mail_send(int argc, char **argv)
{
	const char *stay_text = NULL;
	const struct command_option options[] = { { "stay", .value = &stay_text },
						  { NULL } };
	struct worker w = { .began = clock_monotonic_ms() };
	int64_t stay = 0;
	int status = COMMAND_FAILED;

	if (!command_options(&argc, argv, options) || argc != 1)
		return COMMAND_MISUSED;
	if (stay_text != NULL && !str_to_int(str_of(stay_text), 0, STAY_MAX, &stay))
		return command_fail("--stay %s: a number of seconds up to %d is wanted",
				    stay_text, STAY_MAX);
	w.stays_until = w.began + stay * 1000;
	if (sender_open(&w.sender))
		status = take_rules(&w) ? work(&w) : command_fail("there is no memory");
	free(w.domains);
	free(w.roles);
	sender_close(&w.sender);
	return status;
}
