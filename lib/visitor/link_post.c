#include "visitor/visitor.h"

#include "access/client.h"
#include "access/urls.h"
#include "base/log.h"
#include "config/config.h"
#include "crypto/secret.h"
#include "mail/mail_address.h"
#include "mail/mail_link.h"
#include "page/hearers.h"
#include "page/rule_phrase.h"
#include "people/password_new.h"
#include "serve/app_flow.h"
#include "serve/power_database.h"
#include "serve/power_links.h"
#include "visitor/link_form.h"

#define NAME_MAX_BYTES 255

/* The link that is used, and the content of the form. */
struct use {
	const struct link_words *words;
	struct link_shown shown;
	struct str text; /* of the link, in the cookie */
	struct str name, mail, password, repeat;
	bool repeats;           /* the form has the field that ours has */
	bool alone;             /* the account gets a passkey and no password */
	char factor[UUID_SIZE]; /* `alone`: the id of the link by which it is made */
};

static void
again(struct app *app, const struct request *req, struct response *res,
      const struct use *use, struct link_form form)
{
	form.name = use->name.n <= NAME_MAX_BYTES ? use->name : STR("");
	form.mail = use->mail.n <= MAIL_ADDRESS_MAX ? use->mail : STR("");
	link_form_send(app, req, res, &use->shown, use->text, &form);
}

/* What is wrong with the input. A `problem` of NULL: nothing. */
static struct link_form
problem_of(const struct config *config, const struct use *use)
{
	const struct link_words *w = use->words;
	struct str name = w->wants_name ? use->name : str_of(use->shown.link.name);
	bool no_name = w->wants_name && use->name.n == 0;
	bool no_mail = w->wants_mail && use->mail.n == 0;
	bool wants_password = w->wants_password && !use->alone;
	bool no_password = wants_password && use->password.n == 0;
	enum password_rule rule;

	if (no_name || no_mail || no_password)
		return (struct link_form){ 400,         "link.missing",
					   no_name,     no_mail,
					   no_password, .repeat_wrong = no_password };
	if (w->wants_name && use->name.n > NAME_MAX_BYTES)
		return (struct link_form){ 422, "link.name_wrong", .name_wrong = true };
	if (w->wants_mail && !mail_address_is_valid(use->mail))
		return (struct link_form){ 422, "address.invalid", .mail_wrong = true };
	if (!wants_password)
		return (struct link_form){ .status = 200 };
	if (use->repeats && !secret_equal(use->password, use->repeat))
		return (struct link_form){ 422, "link.differ", .password_wrong = true,
					   .repeat_wrong = true };
	rule = password_rules_check(use->password, (size_t)config->password_min_length,
				    name, str_of(config->site_name));
	return (struct link_form){ 422, rule_phrase(rule), .password_wrong = true };
}

/* Why the database refused it. */
static struct link_form
refusal_of(const struct link_words *words, enum links_used outcome)
{
	switch (outcome) {
	case LINKS_TAKEN:
		return (struct link_form){ 422, "link.taken", .name_wrong = true };
	case LINKS_NAME:
		return (struct link_form){ 422,
					   words->wants_mail ? "link.name_no_address"
					   : words->self     ? "link.name_not_plain"
							     : "link.name_not_own",
					   .name_wrong = true };
	case LINKS_MAIL:
		return (struct link_form){ 422, "address.invalid", .mail_wrong = true };
	default:
		return (struct link_form){ 422, words->wants_name
							? "link.address_taken_enter"
							: "link.address_taken" };
	}
}

/*
 * The verifiers may not have been told of the sessions that this link ended: the try
 * that used it may have failed after that.
 */
static enum err
tell_again(struct app *app, const struct link_shown *shown, struct why *why)
{
	struct session_hearers hearers = hearers_of(app->config, app_db(app));
	enum session_reason ends = link_words_of(shown)->ends;

	if (shown->state != LINK_SHOWN_USED || ends == SESSION_END_NONE)
		return ERR_OK;
	return session_end(&hearers, ends, NULL, why);
}

static void
refuse(struct app *app, const struct request *req, struct response *res,
       const struct link_shown *shown)
{
	const struct note note = link_words_refused(app, shown);
	struct why why = { "" };
	enum err e = tell_again(app, shown, &why);

	if (e == ERR_OK)
		note_send(app, req, res, &note);
	else
		note_unavailable(app, req, res, e, &why);
}

/*
 * The link was good a moment ago: somebody else used it first, or its object is gone.
 */
static void
overtaken(struct app *app, const struct request *req, struct response *res,
	  struct use *use)
{
	struct why why = { "" };
	enum err e = link_shown_read(app, use->text, &use->shown, &why);

	if (use->shown.state == LINK_SHOWN_GOOD)
		use->shown.state = LINK_SHOWN_UNKNOWN;
	if (e == ERR_OK)
		refuse(app, req, res, &use->shown);
	else
		note_unavailable(app, req, res, e, &why);
}

/* The new user has no password yet: to the page where the passkey is made. */
static void
lead_to_passkey(struct app *app, const struct request *req, struct response *res,
		const struct use *use)
{
	struct why why = { "no link for a passkey" };
	struct buf url;
	enum err e;

	buf_init(&url, 512);
	e = mail_link_url(app_mail_key(app), TICKET_FACTOR, str_of(use->factor), "",
			  URL_LOGIN_FACTOR, &url);
	if (e == ERR_OK)
		response_see_other(res, buf_str(&url));
	else
		note_unavailable(app, req, res, e, &why);
	buf_done(&url);
}

static void
answer(struct app *app, const struct request *req, struct response *res, struct use *use,
       enum links_used outcome, struct str user)
{
	LOG(outcome == LINKS_OK ? LOG_INFO : LOG_WARN,
	    outcome == LINKS_OK ? "link_used" : "link_refused",
	    { "kind", str_of(ticket_row(use->words->kind)->name) }, { "user", user },
	    { "address", client_address(app, req) });
	switch (outcome) {
	case LINKS_OK:
		link_shown_drop(app, res);
		if (use->alone)
			lead_to_passkey(app, req, res, use);
		else
			response_see_other(res, str_of(use->words->done));
		return;
	case LINKS_NAME:
	case LINKS_TAKEN:
	case LINKS_ADDRESS:
	case LINKS_MAIL:
		again(app, req, res, use, refusal_of(use->words, outcome));
		return;
	default:
		overtaken(app, req, res, use);
	}
}

/* The hash of the chosen password. Empty if none is needed. */
static enum err
hash_of(const struct app *app, const struct use *use, char hash[PASSWORD_HASH_SIZE],
	struct why *why)
{
	struct flow_policy policy;

	hash[0] = '\0';
	if (!use->words->wants_password || use->alone)
		return ERR_OK;
	app_flow_policy(app, &policy);
	return password_new(&policy, use->password, hash, why);
}

/*
 * Everything that can fail is tried before the link is used up: whether the verifiers
 * can be told of sessions that end, and the hash.
 */
static enum err
use_up(struct app *app, const struct request *req, struct use *use,
       enum links_used *outcome, char user[UUID_SIZE], struct why *why)
{
	struct session_hearers hearers = hearers_of(app->config, app_db(app));
	struct links_key key = link_ticket_key(&use->shown.ticket);
	char hash[PASSWORD_HASH_SIZE] = "";
	struct links_given given = { .name = use->words->wants_name ? use->name : STR(""),
				     .mail = use->mail,
				     .address = client_address(app, req) };
	enum session_reason ends = use->words->ends;
	enum err e = ERR_OK;

	if (ends != SESSION_END_NONE)
		e = session_end_prepare(&hearers, why);
	if (e == ERR_OK)
		e = hash_of(app, use, hash, why);
	given.hash = str_of(hash);
	if (e == ERR_OK)
		e = use->alone ? links_use_alone(app_db(app), key.id, given.name,
						 given.address, outcome, user,
						 use->factor, why)
			       : links_use(app_db(app), &key, &given, outcome, user, why);
	if (e == ERR_OK && ends != SESSION_END_NONE && *outcome == LINKS_OK)
		e = session_end(&hearers, ends, NULL, why);
	secret_wipe(hash, sizeof(hash));
	return e;
}

static void
attempt(struct app *app, const struct request *req, struct response *res, struct use *use)
{
	const struct link_form none = { 422, "link.name_wrong", .name_wrong = true };
	enum links_used outcome = LINKS_GONE;
	struct link_form problem = problem_of(app->config, use);
	char user[UUID_SIZE] = "";
	struct why why = { "" };
	enum err e;

	if (problem.problem != NULL) {
		again(app, req, res, use, problem);
		return;
	}
	e = use_up(app, req, use, &outcome, user, &why);
	if (e == ERR_OK)
		answer(app, req, res, use, outcome, str_of(user));
	else if (e == ERR_SYNTAX && use->words->wants_name)
		again(app, req, res, use, none);
	else
		note_unavailable(app, req, res, e, &why);
}

void
link_post(struct app *app, const struct request *req, struct response *res,
	  const struct visit *visit)
{
	struct use use = { .text = link_shown_cookie(app, req) };
	struct str passkey;
	struct why why = { "" };
	enum err e = link_shown_read(app, use.text, &use.shown, &why);

	if (e != ERR_OK) {
		note_unavailable(app, req, res, e, &why);
	} else if (use.shown.state != LINK_SHOWN_GOOD) {
		refuse(app, req, res, &use.shown);
	} else {
		use.words = link_words_of(&use.shown);
		form_find(visit->form, "username", &use.name);
		form_find(visit->form, "password", &use.password);
		use.repeats = form_find(visit->form, "repeat", &use.repeat) == FORM_ONE;
		use.name = str_trim(use.name);
		if (use.words->wants_mail &&
		    form_find(visit->form, "address", &use.mail) == FORM_ONE)
			use.mail = str_trim(use.mail);
		use.alone = form_find(visit->form, "passkey", &passkey) == FORM_ONE &&
			    link_words_alone(app, use.words);
		attempt(app, req, res, &use);
	}
}
