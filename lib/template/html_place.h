/*
 * Finds out where in an HTML template a value would appear. It knows just enough of
 * HTML's grammar to refuse a value outside of text and double-quoted attributes.
 */
#ifndef HTML_PLACE_H
#define HTML_PLACE_H

#include <stdbool.h>

#include "base/str.h"

struct html_place {
	bool in_tag;
	bool in_name;         /* the element's name is incomplete */
	bool in_quotes;       /* within a double-quoted attribute's value */
	bool at_start;        /* the value is empty so far */
	bool is_script;       /* the tag is the one <script> that is allowed */
	struct str attribute; /* its name; empty if it could not be determined */
};

/* How a value must be written at a place. */
enum html_need {
	HTML_NOTHING, /* a value is not allowed here */
	HTML_ESCAPED, /* escape_html */
	HTML_URL,     /* escape_html_url: a URL begins here */
	HTML_QUERY    /* escape_url: a URL has already begun */
};

/*
 * Read on over a piece of HTML. False if it contains something that no template may
 * contain: <style>, <script> with anything but a value as its address, and anything
 * that a browser could read differently from this code. That is a bracket within a tag
 * or a quoted value, a single quote in a tag, a double quote that does not follow
 * NAME=, and an element's name in two pieces.
 *
 * The one form of a script is <script defer src="{{url:NAME}}"></script>.
 */
bool html_place_advance(struct html_place *place, struct str html);

/* Record that a value was written here. */
void html_place_value(struct html_place *place);

enum html_need html_place_need(const struct html_place *place);

/* True if both are in text, or both are at the same kind of place in a tag. */
bool html_place_eq(const struct html_place *a, const struct html_place *b);

#endif
