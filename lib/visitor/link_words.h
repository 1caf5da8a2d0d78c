/* What each kind of link demands, and the phrases for it. */
#ifndef LINK_WORDS_H
#define LINK_WORDS_H

#include "people/session_end.h"
#include "visitor/link_shown.h"
#include "visitor/note.h"

/* Strings are keys of phrases, except for addresses. */
struct link_words {
	enum ticket_kind kind;
	bool self; /* an invitation that the person has asked for */
	bool wants_name, wants_mail, wants_password;
	/* its use ends sessions for this reason; SESSION_END_NONE: it ends none */
	enum session_reason ends;
	const char *heading, *lead, *button;
	const char *done;                  /* the address after its use */
	const char *next;                  /* how to get a new one … */
	const char *next_at, *next_button; /* … and where */
};

/* Text that begins like no link gets those of an invitation. */
const struct link_words *link_words_of(const struct link_shown *shown);

/*
 * May its user have a passkey instead of a password? So may somebody who is invited or
 * registers, where passkeys are offered.
 */
bool link_words_alone(const struct app *app, const struct link_words *words);

/* What is wrong with a link that is not LINK_SHOWN_GOOD, and what to do next. */
struct note link_words_refused(const struct app *app, const struct link_shown *shown);

/*
 * The result of using a link, by the word in its `done`. False if there is no such
 * word.
 */
bool link_words_done(struct str word, struct note *note);

#endif
