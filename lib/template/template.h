/*
 * Templates: HTML, or the plain text of a mail, with values in it.
 * There is little to learn, and there is no way to insert raw HTML:
 *
 *   {{name}}             the value, escaped for HTML
 *   {{url:name}}         a URL at the start of href="", action="", src=""
 *   {{query:name}}       a value further on in such a URL, percent-encoded
 *   {{text:key}}         a phrase of the catalogue; phrases are text, not HTML, and
 *                        may contain {{name}} themselves
 *   {{#name}}...{{/name}} once if `name` is set, or once for each item of a list
 *   {{^name}}...{{/name}} if it is not set
 *   {{>name}}            another template here
 *   {{! a remark }}
 *
 * A value may appear in text or in a double-quoted attribute, and nowhere else. At the
 * place of a URL it may appear only as {{url:}} and {{query:}}. <script> and <style>
 * are refused; the Content-Security-Policy of the pages would stop them anyway. An
 * unknown name is an error and not an empty place, so that a typing mistake cannot
 * remove a token from a form.
 */
#ifndef TEMPLATE_H
#define TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

#define TEMPLATE_DEPTH_MAX 16
#define TEMPLATE_CHECK_MAX (1024 * 1024) /* the size of a page */

enum template_kind {
	TEMPLATE_TEXT,   /* `text` is shown; as a section it counts as set unless empty */
	TEMPLATE_PHRASE, /* `text` is a key of the catalogue; as a section it counts as
			  * set unless empty */
	TEMPLATE_FLAG,   /* `on`; only for sections */
	TEMPLATE_LIST    /* `items`; only for sections */
};

struct template_field {
	const char *name;
	enum template_kind kind;
	struct str text;
	bool on;
	const struct template_scope *items;
	size_t n_items;
};

/* The names that are known at one place. Inside a list, an item's names come first. */
struct template_scope {
	const struct template_field *fields;
	size_t n;
};

/*
 * These look up {{>name}} and {{text:key}}. Both return false if the name is unknown.
 * `count` is the value of that name at this place, or empty: it chooses the form of a
 * counted phrase ("1 minute", "2 minutes").
 */
struct template_source {
	bool (*part)(const void *arg, struct str name, struct str *text);
	bool (*phrase)(const void *arg, struct str key, struct str count,
		       struct str *text);
	const void *arg;
	/* Plain text, not HTML: values stand as they are, {{url:}} and {{query:}} nowhere. */
	bool plain;
};

/*
 * Append `text` with the values of `scope`. On an error `out` is marked as failed and
 * must not be sent: ERR_SYNTAX for a mistake in the template, ERR_NOT_FOUND for an
 * unknown name, ERR_LIMIT for nesting, ERR_MEMORY if `out` is full. If the mistake is
 * in a part, `why` names that part.
 */
enum err template_render(const struct template_source *source, struct str text,
			 const struct template_scope *scope, struct buf *out,
			 struct why *why);

/*
 * Check for the same mistakes, whatever the values are: every section is rendered
 * once, whether it is set or not. `known` holds all names that exist, with a value
 * each. NULL: any name is accepted. For `doorward config check`.
 */
enum err template_check(const struct template_source *source, struct str text,
			const struct template_scope *known, struct why *why);

#endif
