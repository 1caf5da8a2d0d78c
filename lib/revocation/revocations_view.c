#include "revocation/revocations_view.h"

#include <string.h>

#include "base/text.h"

#define MAGIC_1 STR("doorward-revocations 1 ")
#define MAGIC STR("doorward-revocations 2 ")
#define SOON STR("soon  ")
#define LATER STR("later ")
#define LINE_1 50 /* of version 1; the content of a line of version 2 */
#define CONTENT 50
#define CHECK_AT 52
#define CHECK_DIGITS 8
#define SID_BYTES 36
#define COUNT_DIGITS 9
#define PAIR_DIGITS 16
#define TIME_DIGITS 12
#define TIME_MAX INT64_C(999999999999)

/* ---- digits ---- */

/* Digits only, with leading zeros. */
static bool
read_digits(struct str s, int64_t *value)
{
	int64_t v = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		v = v * 10 + (s.p[i] - '0');
	}
	*value = v;
	return true;
}

static bool
read_hex(struct str s, uint64_t *value)
{
	uint64_t v = 0;

	for (size_t i = 0; i < s.n; i++) {
		int digit = text_hex_value(s.p[i]);

		if (digit < 0)
			return false;
		v = v << 4 | (unsigned)digit;
	}
	*value = v;
	return true;
}

static void
write_digits(char *at, size_t n, int64_t value)
{
	for (size_t i = n; i > 0; i--, value /= 10)
		at[i - 1] = (char)('0' + value % 10);
}

static void
write_hex(char *at, size_t n, uint64_t value)
{
	for (size_t i = n; i > 0; i--, value >>= 4)
		at[i - 1] = "0123456789abcdef"[value & 15];
}

/* ---- checks ---- */

/* A word of eight bytes, the first one lowest. */
static uint64_t
word_of(const char *p, size_t n)
{
	uint64_t word = 0;

	for (size_t i = n; i > 0; i--)
		word = word << 8 | (unsigned char)p[i - 1];
	return word;
}

/*
 * Multiply and fold, word by word: a few nanoseconds a line. A damaged line passes
 * with a probability of 1 in 2^32.
 */
static uint32_t
check_of(const char *content, uint64_t pair, bool later, size_t line)
{
	const uint64_t odd = UINT64_C(0x9e3779b97f4a7c15);
	uint64_t sum = (pair ^ (line * 2 + later)) * odd;

	for (size_t i = 0; i < CONTENT; i += 8) {
		sum ^= word_of(content + i, CONTENT - i < 8 ? CONTENT - i : 8);
		sum *= odd;
		sum ^= sum >> 32;
	}
	return (uint32_t)(sum ^ sum >> 32);
}

static bool
passes(const char *line, uint64_t pair, bool later, size_t number)
{
	uint64_t check;

	return memcmp(line + CONTENT, "  ", 2) == 0 &&
	       memcmp(line + CHECK_AT + CHECK_DIGITS, "   \n", 4) == 0 &&
	       read_hex((struct str){ line + CHECK_AT, CHECK_DIGITS }, &check) &&
	       check == check_of(line, pair, later, number);
}

/* ---- lines ---- */

static size_t
line_bytes(const struct revocations_view *v)
{
	return v->checked ? REVOCATIONS_LINE : LINE_1;
}

static size_t
head_lines(const struct revocations_view *v)
{
	return v->checked ? REVOCATIONS_HEAD : 1;
}

static const char *
record(const struct revocations_view *v, size_t i)
{
	return v->bytes.p + (head_lines(v) + i) * line_bytes(v);
}

struct str
revocations_view_sid(const struct revocations_view *v, size_t i)
{
	return (struct str){ record(v, i), SID_BYTES };
}

int64_t
revocations_view_until(const struct revocations_view *v, size_t i)
{
	int64_t until = 0;

	read_digits((struct str){ record(v, i) + SID_BYTES + 1, TIME_DIGITS }, &until);
	return until;
}

static bool
is_ascending(const struct revocations_view *v, size_t a, size_t b)
{
	return memcmp(record(v, a), record(v, b), SID_BYTES) < 0;
}

bool
revocations_view_is_whole(const struct revocations_view *v, size_t i)
{
	const char *p = record(v, i);
	int64_t until;

	if (v->checked)
		return passes(p, v->head.pair, v->head.later, REVOCATIONS_HEAD + i);
	return p[SID_BYTES] == ' ' && p[LINE_1 - 1] == '\n' &&
	       read_digits((struct str){ p + SID_BYTES + 1, TIME_DIGITS }, &until);
}

/* ---- open ---- */

/* The first line: how many records, and when written. */
static bool
read_first(struct revocations_head *h, const char *line, struct str magic)
{
	struct str rest = { line + magic.n, CONTENT - magic.n };
	int64_t n;

	if (memcmp(line, magic.p, magic.n) != 0 ||
	    !read_digits(str_sub(rest, 0, COUNT_DIGITS), &n) ||
	    rest.p[COUNT_DIGITS] != ' ' ||
	    !read_digits(str_sub(rest, COUNT_DIGITS + 1, TIME_DIGITS), &h->written))
		return false;
	h->n = (size_t)n;
	return h->n <= REVOCATIONS_RECORDS_MAX;
}

static bool
read_second(struct revocations_head *h, const char *line)
{
	struct str rest = { line, CONTENT };

	h->later = str_starts_with(rest, LATER);
	if (!h->later && !str_starts_with(rest, SOON))
		return false;
	rest = str_sub(rest, SOON.n, rest.n);
	if (!read_hex(str_sub(rest, 0, PAIR_DIGITS), &h->pair) ||
	    rest.p[PAIR_DIGITS] != ' ')
		return false;
	rest = str_sub(rest, PAIR_DIGITS + 1, rest.n);
	return read_digits(str_sub(rest, 0, TIME_DIGITS), &h->serial) &&
	       rest.p[TIME_DIGITS] == ' ' &&
	       read_digits(str_sub(rest, TIME_DIGITS + 1, TIME_DIGITS), &h->listed);
}

static bool
read_head(struct revocations_view *v)
{
	const char *p = v->bytes.p, *second = p + REVOCATIONS_LINE;
	struct revocations_head *h = &v->head;

	v->checked = true;
	return v->bytes.n >= REVOCATIONS_HEAD * REVOCATIONS_LINE &&
	       read_first(h, p, MAGIC) && read_second(h, second) &&
	       passes(p, h->pair, h->later, 0) && passes(second, h->pair, h->later, 1) &&
	       v->bytes.n == (h->n + REVOCATIONS_HEAD) * REVOCATIONS_LINE;
}

static bool
read_head_1(struct revocations_view *v)
{
	v->checked = false;
	v->head = (struct revocations_head){ 0 };
	return v->bytes.n >= LINE_1 && v->bytes.p[LINE_1 - 1] == '\n' &&
	       read_first(&v->head, v->bytes.p, MAGIC_1) &&
	       v->bytes.n == (v->head.n + 1) * LINE_1;
}

enum err
revocations_view_open(struct revocations_view *v, struct str bytes, const char *path,
		      struct why *why)
{
	enum err e = ERR_OK;

	*v = (struct revocations_view){ .bytes = bytes };
	if (!read_head(v) && !read_head_1(v))
		e = why_set(why, ERR_SYNTAX, "%s is not a whole revocation file", path);
	else if (!v->checked)
		e = revocations_view_check(v, path, why);
	if (e != ERR_OK)
		*v = (struct revocations_view){ .checked = false };
	return e;
}

enum err
revocations_view_check(const struct revocations_view *v, const char *path,
		       struct why *why)
{
	for (size_t i = 0; i < v->head.n; i++)
		if (!revocations_view_is_whole(v, i) ||
		    (i > 0 && !is_ascending(v, i - 1, i)))
			return why_set(why, ERR_SYNTAX, "%s: record %zu is malformed",
				       path, i + 1);
	return ERR_OK;
}

/* ---- search ---- */

/* More guesses than this are worse than halving: the sids are not random. */
#define GUESSES 10

/* The first eight digits of a sid as a number. */
static uint64_t
prefix_of(const char *sid)
{
	uint64_t prefix = 0;

	read_hex((struct str){ sid, 8 }, &prefix);
	return prefix;
}

/* Where between `low` and `high` it should stand if their sids are spread evenly. */
static size_t
guess(size_t low, size_t high, uint64_t from, uint64_t to, uint64_t wanted)
{
	size_t i;

	if (wanted <= from || to <= from)
		return low;
	i = low + (size_t)((wanted - from) * (high - low) / (to - from));
	return i < high ? i : high - 1;
}

static bool
is_between(const struct revocations_view *v, size_t i, size_t low, size_t high)
{
	return revocations_view_is_whole(v, i) &&
	       (low == 0 || is_ascending(v, low - 1, i)) &&
	       (high == v->head.n || is_ascending(v, i, high));
}

enum revocations_found
revocations_view_find(const struct revocations_view *v, struct str sid)
{
	uint64_t from = 0, to = UINT64_C(1) << 32, wanted;
	size_t low = 0, high = v->head.n; /* it stands in [low, high) or nowhere */

	if (sid.n != SID_BYTES)
		return REVOCATIONS_ABSENT;
	wanted = prefix_of(sid.p);
	for (int step = 0; low < high; step++) {
		size_t i = step < GUESSES ? guess(low, high, from, to, wanted)
					  : low + (high - low) / 2;
		int order;

		if (!is_between(v, i, low, high))
			return REVOCATIONS_DAMAGED;
		order = memcmp(record(v, i), sid.p, SID_BYTES);
		if (order == 0)
			return REVOCATIONS_PRESENT;
		if (order < 0) {
			low = i + 1;
			from = prefix_of(record(v, i));
		} else {
			high = i;
			to = prefix_of(record(v, i));
		}
	}
	return REVOCATIONS_ABSENT;
}

/* ---- writing ---- */

/* A new line of spaces at the end of `out`. NULL if there is no room. */
static char *
new_line(struct buf *out)
{
	char *line;

	if (out->failed || !buf_reserve(out, REVOCATIONS_LINE))
		return NULL;
	line = out->p + out->n;
	memset(line, ' ', REVOCATIONS_LINE - 1);
	line[REVOCATIONS_LINE - 1] = '\n';
	line[REVOCATIONS_LINE] = '\0';
	out->n += REVOCATIONS_LINE;
	return line;
}

static void
finish_line(char *line, const struct revocations_head *h, size_t number)
{
	write_hex(line + CHECK_AT, CHECK_DIGITS,
		  check_of(line, h->pair, h->later, number));
}

static bool
is_writable(int64_t value)
{
	return value >= 0 && value <= TIME_MAX;
}

static void
put_first(struct buf *out, const struct revocations_head *h)
{
	char *line = new_line(out);

	if (line == NULL)
		return;
	memcpy(line, MAGIC.p, MAGIC.n);
	write_digits(line + MAGIC.n, COUNT_DIGITS, (int64_t)h->n);
	write_digits(line + MAGIC.n + COUNT_DIGITS + 1, TIME_DIGITS, h->written);
	finish_line(line, h, 0);
}

void
revocations_put_head(struct buf *out, const struct revocations_head *h)
{
	struct str name = h->later ? LATER : SOON;
	char *line;

	if (h->n > REVOCATIONS_RECORDS_MAX || !is_writable(h->written) ||
	    !is_writable(h->serial) || !is_writable(h->listed)) {
		out->failed = true;
		return;
	}
	put_first(out, h);
	if ((line = new_line(out)) == NULL)
		return;
	memcpy(line, name.p, name.n);
	line += name.n;
	write_hex(line, PAIR_DIGITS, h->pair);
	line += PAIR_DIGITS + 1;
	write_digits(line, TIME_DIGITS, h->serial);
	write_digits(line + TIME_DIGITS + 1, TIME_DIGITS, h->listed);
	finish_line(line - name.n - PAIR_DIGITS - 1, h, 1);
}

void
revocations_put(struct buf *out, const struct revocations_head *h, size_t i,
		struct str sid, int64_t until)
{
	char *line;

	if (sid.n != SID_BYTES || !is_writable(until))
		out->failed = true;
	if ((line = new_line(out)) == NULL)
		return;
	memcpy(line, sid.p, SID_BYTES);
	write_digits(line + SID_BYTES + 1, TIME_DIGITS, until);
	finish_line(line, h, REVOCATIONS_HEAD + i);
}
