/* The site's colour (setting accent) in shades in which text can be read. */
#ifndef ACCENT_H
#define ACCENT_H

#include "base/buf.h"
#include "base/str.h"

#define ACCENT_SIZE 8 /* "#rrggbb" and a NUL */

struct accent {
	char light[ACCENT_SIZE];      /* on light backgrounds, and below white text */
	char light_over[ACCENT_SIZE]; /* the same, under the pointer */
	char dark[ACCENT_SIZE];       /* on dark backgrounds, and below dark text */
	char dark_over[ACCENT_SIZE];
	char leaf[ACCENT_SIZE]; /* the shadow in the mark */
};

/*
 * Shades of `colour` (#rrggbb). Each is as near to it as possible with a contrast of
 * 4.5 to 1 (WCAG 2.2, 1.4.3) to every background of doorward.css.
 */
void accent_of(struct str colour, struct accent *accent);

/* Append rules that replace the stylesheet's own shades by these. */
bool accent_add_rules(struct buf *css, const struct accent *accent);

/* The contrast of two colours, 1 to 21 (WCAG 2.2, "contrast ratio"). */
double accent_contrast(struct str a, struct str b);

#endif
