#include "http/html_place.h"

static const char *const url_attributes[] = { "href", "action", "src",  "formaction",
					      "cite", "poster", "data", NULL };
/* What a browser would run, style or load in ways that no escape covers. */
static const char *const closed_attributes[] = { "style",   "srcdoc",     "srcset",
						 "content", "http-equiv", NULL };

static bool
is_one_of(struct str name, const char *const *list)
{
	for (; *list != NULL; list++) {
		if (str_eq_nocase(name, str_of(*list)))
			return true;
	}
	return false;
}

/* The name before `="`, whose quote stands at `quote`. */
static struct str
name_before(struct str html, size_t quote)
{
	size_t from;

	if (quote < 2 || html.p[quote - 1] != '=')
		return STR("");
	for (from = quote - 1; from > 0; from--) {
		char c = html.p[from - 1];

		if (c == ' ' || c == '\n' || c == '\t' || c == '"' || c == '<')
			break;
	}
	return str_sub(html, from, quote - 1 - from);
}

static bool
is_banned_element(struct str after_bracket)
{
	return str_eq_nocase(str_sub(after_bracket, 0, 6), STR("script")) ||
	       str_eq_nocase(str_sub(after_bracket, 0, 5), STR("style"));
}

static void
quote(struct html_place *place, struct str html, size_t i)
{
	place->in_quotes = !place->in_quotes;
	place->at_start = place->in_quotes;
	place->attribute = place->in_quotes ? name_before(html, i) : STR("");
}

bool
html_place_advance(struct html_place *place, struct str html)
{
	for (size_t i = 0; i < html.n; i++) {
		char c = html.p[i];

		if (place->in_tag && c == '"') {
			quote(place, html, i);
		} else if (place->in_quotes) {
			place->at_start = false;
		} else if (place->in_tag) {
			place->in_tag = c != '>';
		} else if (c == '<') {
			place->in_tag = true;
			if (is_banned_element(str_sub(html, i + 1, html.n)))
				return false;
		}
	}
	return true;
}

void
html_place_value(struct html_place *place)
{
	place->at_start = false;
}

enum html_need
html_place_need(const struct html_place *place)
{
	if (!place->in_tag)
		return HTML_ESCAPED;
	if (!place->in_quotes || place->attribute.n == 0 ||
	    is_one_of(place->attribute, closed_attributes) ||
	    str_eq_nocase(str_sub(place->attribute, 0, 2), STR("on")))
		return HTML_NOTHING;
	if (is_one_of(place->attribute, url_attributes))
		return place->at_start ? HTML_URL : HTML_QUERY;
	return HTML_ESCAPED;
}

bool
html_place_eq(const struct html_place *a, const struct html_place *b)
{
	return a->in_tag == b->in_tag && a->in_quotes == b->in_quotes;
}
