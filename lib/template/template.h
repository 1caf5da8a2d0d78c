/*
 * Templates: HTML with values in it. There is little to learn and no door for
 * raw HTML:
 *
 *   {{name}}             the value, escaped for HTML
 *   {{url:name}}         a URL at the start of href="", action="", src=""
 *   {{query:name}}       a value further on in such a URL, percent-encoded
 *   {{text:key}}         a phrase of the catalogue; phrases are text, not HTML,
 *                        and may hold {{name}} themselves
 *   {{#name}}...{{/name}} once if `name` is set, or once for each item of a list
 *   {{^name}}...{{/name}} if it is not
 *   {{>name}}            another template here
 *   {{! a remark }}
 *
 * A value may stand in text or in a double-quoted attribute, nowhere else, and
 * where a URL is wanted only as {{url:}} and {{query:}}. <script> and <style>
 * are refused: the pages' Content-Security-Policy would stop them anyway. An
 * unknown name is an error and not an empty place, so that a typing mistake
 * cannot drop a token from a form.
 */
#ifndef TEMPLATE_H
#define TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

#define TEMPLATE_DEPTH_MAX 8
#define TEMPLATE_CHECK_MAX (1024 * 1024) /* bytes of a page */

enum template_kind {
	TEMPLATE_TEXT,   /* `text` is shown; in a section: set unless empty */
	TEMPLATE_PHRASE, /* `text` is a key of the catalogue; set unless empty */
	TEMPLATE_FLAG,   /* `on`, for sections only */
	TEMPLATE_LIST    /* `items`, for sections only */
};

struct template_field {
	const char *name;
	enum template_kind kind;
	struct str text;
	bool on;
	const struct template_scope *items;
	size_t n_items;
};

/* The names of one place. Inside a list, an item's names come first. */
struct template_scope {
	const struct template_field *fields;
	size_t n;
};

/* Where {{>name}} and {{text:key}} come from; both return false for unknown. */
struct template_source {
	bool (*part)(const void *arg, struct str name, struct str *text);
	bool (*phrase)(const void *arg, struct str key, struct str *text);
	const void *arg;
};

/*
 * Append `text` with the values of `scope`. On an error `out` is failed and
 * must not be sent: ERR_SYNTAX for a mistake in the template, ERR_NOT_FOUND
 * for an unknown name, ERR_LIMIT for nesting, ERR_MEMORY when `out` is full.
 * `why` names the part that the mistake is in, when it is in one.
 */
enum err template_render(const struct template_source *source, struct str text,
			 const struct template_scope *scope, struct buf *out,
			 struct why *why);

/*
 * The same refusals for whatever the values are: every section is gone through
 * once, whether it is set or not. `known` holds the names that there are, with a
 * value each; NULL: any name is one. For `doorward config check`.
 */
enum err template_check(const struct template_source *source, struct str text,
			const struct template_scope *known, struct why *why);

#endif
