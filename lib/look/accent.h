/*
 * The site's colour (setting accent) in shades that text can be read in.
 */
#ifndef ACCENT_H
#define ACCENT_H

#include "base/buf.h"
#include "base/str.h"

#define ACCENT_SIZE 8 /* "#rrggbb" and a NUL */

struct accent {
	char light[ACCENT_SIZE];      /* on light backgrounds, and below white text */
	char light_over[ACCENT_SIZE]; /* the same under a pointer */
	char dark[ACCENT_SIZE];       /* on dark backgrounds, and below dark text */
	char dark_over[ACCENT_SIZE];
	char leaf[ACCENT_SIZE]; /* the shadow in the mark */
};

/*
 * Shades of `colour`, which is of the form #rrggbb. Each is as near to it as a contrast
 * of 4.5 to 1 (WCAG 2.2, 1.4.3) with every background of doorward.css allows.
 */
void accent_of(struct str colour, struct accent *accent);

/* Append the rules that put these shades into the place of the stylesheet's own. */
bool accent_add_rules(struct buf *css, const struct accent *accent);

/* The contrast of two colours, 1 to 21 (WCAG 2.2, "contrast ratio"). */
double accent_contrast(struct str a, struct str b);

#endif
