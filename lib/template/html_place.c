#include "template/html_place.h"

static const char *const url_attributes[] = { "href",       "action", "src",
					      "formaction", "cite",   NULL };
/*
 * Attributes that show, name or measure something. No other attribute may hold a
 * value: some of them are run as code, some are style, some load something, and new
 * ones may appear.
 */
static const char *const text_attributes[] = {
	"abbr",      "alt",      "autocomplete", "class",       "cols",      "colspan",
	"d",         "datetime", "dir",          "for",         "headers",   "height",
	"id",        "label",    "lang",         "max",         "maxlength", "min",
	"minlength", "name",     "pattern",      "placeholder", "role",      "rows",
	"rowspan",   "scope",    "size",         "step",        "title",     "value",
	"viewBox",   "width",    NULL,
};

static bool
is_one_of(struct str name, const char *const *list)
{
	for (; *list != NULL; list++) {
		if (str_eq_nocase(name, str_of(*list)))
			return true;
	}
	return false;
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\n' || c == '\t';
}

static bool
is_name_character(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '-' || c == '_' || c == ':';
}

/*
 * The attribute's name before `="`, whose quote is at `quote`. Empty if there is none.
 */
static struct str
name_before(struct str html, size_t quote)
{
	size_t from;

	if (quote < 2 || html.p[quote - 1] != '=')
		return STR("");
	for (from = quote - 1; from > 0 && is_name_character(html.p[from - 1]); from--)
		;
	if (from > 0 && !is_space(html.p[from - 1]))
		return STR("");
	return str_sub(html, from, quote - 1 - from);
}

/* The value that follows this is the whole address, and the element is empty. */
static const struct str script_start = { "<script defer src=\"", 19 };
static const struct str script_end = { "\"></script>", 11 };

static bool
is_banned_element(struct str after_bracket)
{
	return str_eq_nocase(str_sub(after_bracket, 0, 6), STR("script")) ||
	       str_eq_nocase(str_sub(after_bracket, 0, 5), STR("style"));
}

static bool
advance_in_quotes(struct html_place *place, struct str html, size_t i)
{
	char c = html.p[i];

	if (place->is_script &&
	    (place->at_start || !str_starts_with(str_sub(html, i, html.n), script_end)))
		return false;
	place->is_script = false;
	place->in_quotes = c != '"';
	place->at_start = false;
	return c != '<';
}

static bool
advance_in_tag(struct html_place *place, struct str html, size_t i)
{
	char c = html.p[i];

	if (c == '"') {
		place->attribute = place->in_name ? STR("") : name_before(html, i);
		place->in_quotes = place->at_start = true;
		return place->attribute.n > 0;
	}
	if (place->in_name && (is_space(c) || c == '>'))
		place->in_name = false;
	else if (place->in_name && i == 0)
		return false;
	place->in_tag = c != '>';
	return c != '<' && c != '\'';
}

static bool
advance_in_text(struct html_place *place, struct str html, size_t i)
{
	if (html.p[i] != '<')
		return true;
	place->in_tag = place->in_name = true;
	if (str_eq(str_sub(html, i, html.n), script_start)) {
		place->is_script = true;
		return true;
	}
	return !is_banned_element(str_sub(html, i + 1, html.n));
}

bool
html_place_advance(struct html_place *place, struct str html)
{
	for (size_t i = 0; i < html.n; i++) {
		bool good;

		if (place->in_quotes)
			good = advance_in_quotes(place, html, i);
		else if (place->in_tag)
			good = advance_in_tag(place, html, i);
		else
			good = advance_in_text(place, html, i);
		if (!good)
			return false;
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
	if (!place->in_quotes)
		return HTML_NOTHING;
	if (is_one_of(place->attribute, url_attributes))
		return place->at_start ? HTML_URL : HTML_QUERY;
	if (is_one_of(place->attribute, text_attributes) ||
	    str_eq_nocase(str_sub(place->attribute, 0, 5), STR("aria-")) ||
	    str_eq_nocase(str_sub(place->attribute, 0, 5), STR("data-")))
		return HTML_ESCAPED;
	return HTML_NOTHING;
}

bool
html_place_eq(const struct html_place *a, const struct html_place *b)
{
	return a->in_tag == b->in_tag && a->in_quotes == b->in_quotes;
}
