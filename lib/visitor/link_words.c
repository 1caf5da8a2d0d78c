#include "visitor/link_words.h"

#include "access/urls.h"
#include "config/config_passkey.h"
#include "page/ways_in.h"

#define DONE(word) URL_ACCOUNT_LINK "?done=" word
#define WELCOME URL_LOGIN "?done=welcome"

static const struct link_words table[] = {
	{ TICKET_INVITE, .wants_name = true, .wants_password = true,
	  .heading = "link.invite", .lead = "link.invite_lead",
	  .button = "link.enter_button", .done = WELCOME, .next = "note.next_invite",
	  .next_at = "/", .next_button = "error.home" },
	{ TICKET_INVITE, .self = true, .wants_name = true, .wants_password = true,
	  .heading = "link.register", .lead = "link.register_lead",
	  .button = "link.enter_button", .done = WELCOME, .next = "note.next_register",
	  .next_at = URL_ACCOUNT_REGISTER, .next_button = "note.ask_again" },
	{ TICKET_SETUP, .wants_name = true, .wants_mail = true, .wants_password = true,
	  .heading = "link.setup", .lead = "link.setup_lead",
	  .button = "link.enter_button", .done = WELCOME "&return_to=" URL_ADMIN_MAIL,
	  .next = "note.next_setup", .next_at = "/", .next_button = "error.home" },
	{ TICKET_RESET, .wants_password = true, .ends = SESSION_END_PASSWORD,
	  .heading = "link.reset", .lead = "link.reset_lead",
	  .button = "link.reset_button", .done = URL_LOGIN "?done=password",
	  .next = "note.next_reset", .next_at = URL_ACCOUNT_FORGOT,
	  .next_button = "note.ask_again" },
	{ TICKET_RESET_SHOWN, .wants_password = true, .ends = SESSION_END_PASSWORD,
	  .heading = "link.reset", .lead = "link.reset_lead",
	  .button = "link.reset_button", .done = URL_LOGIN "?done=password",
	  .next = "note.next_ask", .next_at = "/", .next_button = "error.home" },
	{ TICKET_WELCOME, .wants_password = true, .ends = SESSION_END_PASSWORD,
	  .heading = "link.invite", .lead = "link.welcome_lead",
	  .button = "link.reset_button", .done = WELCOME, .next = "note.next_ask",
	  .next_at = "/", .next_button = "error.home" },
	{ TICKET_VERIFY, .heading = "link.verify", .lead = "link.verify_lead",
	  .button = "link.verify_button", .done = DONE("verify"),
	  .next = "note.next_address", .next_at = URL_ACCOUNT,
	  .next_button = "note.to_account" },
	/* if the name is the address, it changes with it */
	{ TICKET_CHANGE_ADDRESS, .ends = SESSION_END_CHANGED, .heading = "link.change",
	  .lead = "link.change_lead", .button = "link.verify_button",
	  .done = DONE("change"), .next = "note.next_address", .next_at = URL_ACCOUNT,
	  .next_button = "note.to_account" },
	{ TICKET_UNDO_ADDRESS, .ends = SESSION_END_ADDRESS, .heading = "link.undo",
	  .lead = "link.undo_lead", .button = "link.undo_button", .done = DONE("undo"),
	  .next = "note.next_undo", .next_at = "/", .next_button = "error.home" },
};

const struct link_words *
link_words_of(const struct link_shown *shown)
{
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		if (table[i].kind == shown->ticket.kind &&
		    table[i].self == shown->link.self)
			return &table[i];
	return &table[0];
}

bool
link_words_alone(const struct app *app, const struct link_words *words)
{
	return words->kind == TICKET_INVITE &&
	       config_passkey_obstacle(app->config) == NULL;
}

/* ---- what is wrong ---- */

static const struct {
	int status;
	const char *heading, *lead;
} refusals[] = {
	[LINK_SHOWN_NONE] = { 400, "note.none", "note.none_lead" },
	[LINK_SHOWN_CUT] = { 400, "note.cut", "note.cut_lead" },
	[LINK_SHOWN_FOREIGN] = { 400, "note.foreign", "note.foreign_lead" },
	[LINK_SHOWN_UNKNOWN] = { 410, "note.over", "note.unknown_lead" },
	[LINK_SHOWN_USED] = { 410, "note.used", "note.used_lead" },
	[LINK_SHOWN_EXPIRED] = { 410, "note.expired", "note.expired_lead" },
	[LINK_SHOWN_DEAD] = { 410, "note.over", "note.dead_lead" },
	[LINK_SHOWN_CLOSED] = { 410, "note.closed", "note.closed_lead" },
};

/* Where a new one can be had; only the start page when the site does not offer that. */
static void
offer_new(const struct app *app, const struct link_words *words, struct note *note)
{
	bool offered = true;

	if (words->kind == TICKET_RESET)
		offered = ways_in_forgot(app->config);
	else if (words->self)
		offered = ways_in_register(app->config);
	note->next = offered ? words->next : "note.next_ask";
	note->target = offered ? words->next_at : "/";
	note->button = offered ? words->next_button : "error.home";
}

struct note
link_words_refused(const struct app *app, const struct link_shown *shown)
{
	struct note note = { .status = refusals[shown->state].status,
			     .heading = refusals[shown->state].heading,
			     .lead = refusals[shown->state].lead };

	switch (shown->state) {
	case LINK_SHOWN_NONE:
		note.next = "note.none_next";
		break;
	case LINK_SHOWN_CUT:
		note.next = "note.cut_next";
		break;
	case LINK_SHOWN_CLOSED:
		note.next = "note.next_ask";
		break;
	case LINK_SHOWN_USED:
		if (shown->ticket.kind == TICKET_SETUP)
			note.lead = "note.setup_used_lead";
		note.next = "note.used_next";
		note.target = URL_LOGIN;
		note.button = "note.sign_in";
		return note;
	default:
		offer_new(app, link_words_of(shown), &note);
		return note;
	}
	note.target = "/";
	note.button = "error.home";
	return note;
}

/* ---- what was done ---- */

bool
link_words_done(struct str word, struct note *note)
{
	static const struct {
		const char *word;
		struct note note;
	} done[] = {
		{ "verify",
		  { 200, "note.verified", "note.verified_lead", NULL, URL_ACCOUNT,
		    "note.to_account" } },
		{ "change",
		  { 200, "note.changed", "note.changed_lead", NULL, URL_ACCOUNT,
		    "note.to_account" } },
		{ "undo",
		  { 200, "note.undone", "note.undone_lead", "note.undone_next", URL_LOGIN,
		    "note.sign_in" } },
	};

	for (size_t i = 0; i < sizeof(done) / sizeof(*done); i++)
		if (str_is(word, done[i].word)) {
			*note = done[i].note;
			return true;
		}
	return false;
}
