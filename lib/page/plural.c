#include "page/plural.h"

#include <stdbool.h>
#include <stdint.h>

#define DIGITS_MAX 18 /* fit into 64 bits */

static bool
is_within(uint64_t n, uint64_t from, uint64_t to)
{
	return n >= from && n <= to;
}

/* German, English, Spanish, Italian, Dutch and most others. */
static const char *
form_of_most(uint64_t n)
{
	return n == 1 ? "one" : "other";
}

static const char *
form_of_french(uint64_t n)
{
	return n <= 1 ? "one" : "other";
}

static const char *
form_of_chinese(uint64_t n)
{
	(void)n;
	return "other";
}

static bool
is_slavic_few(uint64_t n)
{
	return is_within(n % 10, 2, 4) && !is_within(n % 100, 12, 14);
}

static const char *
form_of_russian(uint64_t n)
{
	if (n % 10 == 1 && n % 100 != 11)
		return "one";
	return is_slavic_few(n) ? "few" : "many";
}

static const char *
form_of_serbian(uint64_t n)
{
	if (n % 10 == 1 && n % 100 != 11)
		return "one";
	return is_slavic_few(n) ? "few" : "other";
}

static const char *
form_of_polish(uint64_t n)
{
	if (n == 1)
		return "one";
	return is_slavic_few(n) ? "few" : "many";
}

static const char *
form_of_czech(uint64_t n)
{
	if (n == 1)
		return "one";
	return is_within(n, 2, 4) ? "few" : "other";
}

static const char *
form_of_slovenian(uint64_t n)
{
	if (n % 100 == 1)
		return "one";
	if (n % 100 == 2)
		return "two";
	return is_within(n % 100, 3, 4) ? "few" : "other";
}

static const char *
form_of_lithuanian(uint64_t n)
{
	if (is_within(n % 100, 11, 19) || n % 10 == 0)
		return "other";
	return n % 10 == 1 ? "one" : "few";
}

static const char *
form_of_latvian(uint64_t n)
{
	if (is_within(n % 100, 11, 19) || n % 10 == 0)
		return "zero";
	return n % 10 == 1 ? "one" : "other";
}

static const char *
form_of_romanian(uint64_t n)
{
	if (n == 1)
		return "one";
	return n == 0 || is_within(n % 100, 1, 19) ? "few" : "other";
}

static const char *
form_of_icelandic(uint64_t n)
{
	return n % 10 == 1 && n % 100 != 11 ? "one" : "other";
}

static const char *
form_of_hebrew(uint64_t n)
{
	if (n == 1)
		return "one";
	return n == 2 ? "two" : "other";
}

static const char *
form_of_arabic(uint64_t n)
{
	static const char *const first[] = { "zero", "one", "two" };

	if (n <= 2)
		return first[n];
	if (is_within(n % 100, 3, 10))
		return "few";
	return is_within(n % 100, 11, 99) ? "many" : "other";
}

/* A row holds for the tag itself and for those that go on after a hyphen. */
static const struct {
	const char *tag;
	const char *(*form)(uint64_t n);
} rules[] = {
	{ "pt-pt", form_of_most },   { "pt", form_of_french },
	{ "fr", form_of_french },    { "hy", form_of_french },
	{ "fa", form_of_french },    { "hi", form_of_french },
	{ "zh", form_of_chinese },   { "ja", form_of_chinese },
	{ "ko", form_of_chinese },   { "vi", form_of_chinese },
	{ "th", form_of_chinese },   { "id", form_of_chinese },
	{ "ms", form_of_chinese },   { "ru", form_of_russian },
	{ "uk", form_of_russian },   { "be", form_of_russian },
	{ "sr", form_of_serbian },   { "hr", form_of_serbian },
	{ "bs", form_of_serbian },   { "pl", form_of_polish },
	{ "cs", form_of_czech },     { "sk", form_of_czech },
	{ "sl", form_of_slovenian }, { "lt", form_of_lithuanian },
	{ "lv", form_of_latvian },   { "ro", form_of_romanian },
	{ "is", form_of_icelandic }, { "mk", form_of_icelandic },
	{ "he", form_of_hebrew },    { "ar", form_of_arabic },
};

static bool
is_for(const char *row, struct str tag)
{
	struct str start = str_of(row);

	return str_starts_with(tag, start) && (tag.n == start.n || tag.p[start.n] == '-');
}

static bool
read_number(struct str digits, uint64_t *n)
{
	*n = 0;
	if (digits.n == 0 || digits.n > DIGITS_MAX)
		return false;
	for (size_t i = 0; i < digits.n; i++) {
		if (digits.p[i] < '0' || digits.p[i] > '9')
			return false;
		*n = *n * 10 + (uint64_t)(digits.p[i] - '0');
	}
	return true;
}

const char *
plural_form(struct str tag, struct str count)
{
	uint64_t n;

	if (!read_number(count, &n))
		return "other";
	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++)
		if (is_for(rules[i].tag, tag))
			return rules[i].form(n);
	return form_of_most(n);
}
