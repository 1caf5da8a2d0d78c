/*
 * Where in an HTML template a value would land: just enough of HTML's grammar
 * to refuse a value outside of text and double-quoted attributes.
 */
#ifndef HTML_PLACE_H
#define HTML_PLACE_H

#include <stdbool.h>

#include "base/str.h"

struct html_place {
	bool in_tag;
	bool in_name;         /* the element's name is not complete */
	bool in_quotes;       /* within a double-quoted attribute's value */
	bool at_start;        /* nothing of that value has come yet */
	struct str attribute; /* its name; empty when it could not be made out */
};

/* How a value has to be written at a place. */
enum html_need {
	HTML_NOTHING, /* no value may stand here */
	HTML_ESCAPED, /* escape_html */
	HTML_URL,     /* escape_html_url: a URL begins here */
	HTML_QUERY    /* escape_url: a URL has begun already */
};

/*
 * Go on over a piece of HTML. False for what no template may hold: <script> and
 * <style>, and whatever a browser could read in another way than this does: a
 * bracket within a tag or a quoted value, a single quote in a tag, a double
 * quote that does not follow NAME=, an element's name in two pieces.
 */
bool html_place_advance(struct html_place *place, struct str html);

/* A value has been written here. */
void html_place_value(struct html_place *place);

enum html_need html_place_need(const struct html_place *place);

/* Both are in text, or both are in the same kind of place of a tag. */
bool html_place_eq(const struct html_place *a, const struct html_place *b);

#endif
