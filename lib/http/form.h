/*
 * application/x-www-form-urlencoded (URL Standard, 5.1), for bodies and query strings.
 * It is read strictly: a broken %-escape, a NUL, or bytes that are not UTF-8 refuse
 * the whole text.
 */
#ifndef FORM_H
#define FORM_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

#define FORM_FIELDS_MAX 64

struct form_field {
	struct str name, value;
};

struct form {
	struct form_field fields[FORM_FIELDS_MAX];
	size_t n;
	struct buf bytes; /* the decoded bytes, which the fields point into; wiped at
			   * the end */
};

enum form_found {
	FORM_ABSENT, /* the field does not occur */
	FORM_ONE,    /* once */
	FORM_TWICE   /* more than once: refuse, because we cannot know which one was
		      * meant */
};

/*
 * Decode. ERR_SYNTAX (answer 400), ERR_LIMIT (400: too many fields), ERR_MEMORY. After
 * an error the form is empty. Call form_done in any case.
 */
enum err form_parse(struct form *f, struct str text);
void form_done(struct form *f);

/* The value borrows from the form. It is empty unless the result is FORM_ONE. */
enum form_found form_find(const struct form *f, const char *name, struct str *value);

#endif
