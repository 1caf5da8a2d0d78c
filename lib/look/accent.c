#include "look/accent.h"

#include <math.h>
#include <stdio.h>

#include "base/text.h"

#define ENOUGH 4.5
#define STEPS 64

/*
 * The backgrounds of doorward.css that have the least contrast to text, in each theme.
 */
#define LIGHT_BACK STR("#eedcb9")
#define DARK_BACK STR("#383b2d")

struct rgb {
	double part[3]; /* 0 to 255 */
};

static struct rgb
rgb_of(struct str colour)
{
	struct rgb c = { { 0 } };

	for (size_t i = 0; i < 3 && colour.n == 7; i++)
		c.part[i] = text_hex_value(colour.p[1 + 2 * i]) * 16 +
			    text_hex_value(colour.p[2 + 2 * i]);
	return c;
}

/* WCAG 2.2, "relative luminance". */
static double
luminance(const struct rgb *c)
{
	static const double weight[3] = { 0.2126, 0.7152, 0.0722 };
	double sum = 0;

	for (size_t i = 0; i < 3; i++) {
		double v = c->part[i] / 255;

		sum += weight[i] *
		       (v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4));
	}
	return sum;
}

double
accent_contrast(struct str a, struct str b)
{
	struct rgb x = rgb_of(a), y = rgb_of(b);
	double p = luminance(&x) + 0.05, q = luminance(&y) + 0.05;

	return p > q ? p / q : q / p;
}

/*
 * `colour`, moved by `share` of the way to `end`, which is a part of black (0) or
 * white (255).
 */
static void
mix(struct str colour, double end, double share, char out[ACCENT_SIZE])
{
	struct rgb c = rgb_of(colour);
	unsigned part[3];

	for (size_t i = 0; i < 3; i++)
		part[i] = (unsigned)lround(c.part[i] + (end - c.part[i]) * share);
	snprintf(out, ACCENT_SIZE, "#%02x%02x%02x", part[0] & 0xff, part[1] & 0xff,
		 part[2] & 0xff);
}

/* Move towards black or white, no further than needed. */
static void
shade(struct str colour, double end, struct str background, char out[ACCENT_SIZE])
{
	for (int step = 0; step <= STEPS; step++) {
		mix(colour, end, (double)step / STEPS, out);
		if (accent_contrast(str_of(out), background) >= ENOUGH)
			return;
	}
}

void
accent_of(struct str colour, struct accent *a)
{
	shade(colour, 0, LIGHT_BACK, a->light);
	mix(str_of(a->light), 0, 0.2, a->light_over);
	mix(str_of(a->light), 0, 0.4, a->leaf);
	shade(colour, 255, DARK_BACK, a->dark);
	mix(str_of(a->dark), 255, 0.3, a->dark_over);
}

bool
accent_add_rules(struct buf *css, const struct accent *a)
{
	return buf_addf(css,
			"\n:root{--accent:%s;--accent-over:%s;--focus:%s;--leaf:%s}\n"
			"@media (prefers-color-scheme:dark){"
			":root{--accent:%s;--accent-over:%s}}\n",
			a->light, a->light_over, a->light, a->leaf, a->dark,
			a->dark_over);
}
