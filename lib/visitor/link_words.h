/*
 * What each kind of link wants of whoever opens it, and in which words.
 */
#ifndef LINK_WORDS_H
#define LINK_WORDS_H

#include "people/session_end.h"
#include "visitor/link_shown.h"
#include "visitor/note.h"

/* Strings are keys of phrases, but for addresses. */
struct link_words {
	enum ticket_kind kind;
	bool self; /* an invitation that whoever opens it has asked for */
	bool wants_name, wants_password;
	/* access tokens die by its use; SESSION_END_NONE: none do */
	enum session_reason ends;
	const char *heading, *lead, *button;
	const char *done;                  /* the address after its use */
	const char *next;                  /* how to get a new one … */
	const char *next_at, *next_button; /* … and where */
};

/* Of what begins like no link, those of an invitation. */
const struct link_words *link_words_of(const struct link_shown *shown);

/* What is wrong with a link that is not LINK_SHOWN_GOOD, and what to do next. */
struct note link_words_refused(const struct app *app, const struct link_shown *shown);

/* What the use of a link has done, by the word in its `done`; false: no such word. */
bool link_words_done(struct str word, struct note *note);

#endif
