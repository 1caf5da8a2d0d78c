#include "token/revocations.h"

#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/text.h"

#define MAGIC STR("doorward-revocations 1 ")
#define SID_BYTES 36
#define COUNT_DIGITS 9
#define TIME_DIGITS 12
#define UNTIL_MAX INT64_C(999999999999)

#define SAY_EVERY_MS 60000

bool
revocations_is_sid(struct str sid)
{
	for (size_t i = 0; i < sid.n; i++)
		if (sid.p[i] >= 'A' && sid.p[i] <= 'F')
			return false;
	return text_is_uuid(sid) && !str_is(sid, REVOCATIONS_FLOOR_SID);
}

/* ---- reading the file ---- */

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

static struct str
record(const struct revocations *r, size_t i)
{
	return str_sub(buf_str(&r->bytes), i * REVOCATIONS_RECORD, REVOCATIONS_RECORD);
}

static struct str
record_sid(const struct revocations *r, size_t i)
{
	return str_sub(record(r, i + 1), 0, SID_BYTES);
}

static bool
read_head(struct revocations *r)
{
	struct str head = record(r, 0);
	int64_t n;

	if (head.n != REVOCATIONS_RECORD || !str_starts_with(head, MAGIC) ||
	    head.p[REVOCATIONS_RECORD - 1] != '\n')
		return false;
	head = str_sub(head, MAGIC.n, head.n);
	if (!read_digits(str_sub(head, 0, COUNT_DIGITS), &n) ||
	    head.p[COUNT_DIGITS] != ' ' ||
	    !read_digits(str_sub(head, COUNT_DIGITS + 1, TIME_DIGITS), &r->written))
		return false;
	r->n = (size_t)n;
	return r->bytes.n == (r->n + 1) * REVOCATIONS_RECORD;
}

static bool
is_record(const struct revocations *r, size_t i)
{
	struct str s = record(r, i + 1);
	int64_t until;

	return s.p[SID_BYTES] == ' ' && s.p[REVOCATIONS_RECORD - 1] == '\n' &&
	       read_digits(str_sub(s, SID_BYTES + 1, TIME_DIGITS), &until) &&
	       (i == 0 || memcmp(record_sid(r, i - 1).p, s.p, SID_BYTES) < 0);
}

static enum err
check_bytes(struct revocations *r, struct why *why)
{
	if (!read_head(r))
		return why_set(why, ERR_SYNTAX, "%s is not a whole revocation file",
			       r->path);
	for (size_t i = 0; i < r->n; i++)
		if (!is_record(r, i))
			return why_set(why, ERR_SYNTAX, "%s: record %zu is malformed",
				       r->path, i + 1);
	return ERR_OK;
}

struct str
revocations_sid(const struct revocations *r, size_t i)
{
	return record_sid(r, i);
}

int64_t
revocations_until(const struct revocations *r, size_t i)
{
	int64_t until = 0;

	read_digits(str_sub(record(r, i + 1), SID_BYTES + 1, TIME_DIGITS), &until);
	return until;
}

enum err
revocations_load(struct revocations *r, struct why *why)
{
	struct stat st;
	enum err e;

	r->bytes.n = r->n = 0; /* no secret: nothing to wipe */
	r->bytes.failed = false;
	r->floor = 0;
	e = file_read(r->path, REVOCATIONS_BYTES, &r->bytes, &st, why);
	if (e == ERR_OK && (st.st_mode & S_IWOTH))
		e = why_set(why, ERR_PERMISSION, "everyone may write %s", r->path);
	if (e == ERR_OK)
		e = check_bytes(r, why);
	if (e != ERR_OK)
		r->bytes.n = r->n = 0;
	else if (r->n > 0 && str_is(record_sid(r, 0), REVOCATIONS_FLOOR_SID))
		r->floor = revocations_until(r, 0);
	return e;
}

static enum err
load(void *owner, struct why *why)
{
	return revocations_load(owner, why);
}

/*
 * If the file is missing, sessions may still have ended. So the token is refused in
 * each case.
 */
static const struct watch_kind revocations = { .name = "revocations", .load = load };

void
revocations_init(struct revocations *r, const char *path, int64_t max_age)
{
	*r = (struct revocations){ .path = path, .max_age = max_age };
	buf_init(&r->bytes, REVOCATIONS_BYTES);
	watch_init(&r->watch, &revocations, path);
}

void
revocations_done(struct revocations *r)
{
	if (r == NULL)
		return;
	buf_done(&r->bytes);
	watch_done(&r->watch);
}

/* ---- asking ---- */

static void
say_too_old(struct revocations *r)
{
	int64_t now = clock_monotonic_ms();

	if (now < r->say_ms)
		return;
	r->say_ms = now + SAY_EVERY_MS;
	LOG(LOG_ERROR, "file_refused", { "what", STR("revocations") },
	    { "path", str_of(r->path) },
	    { "reason", STR("it was not renewed for revocation_max_age") });
}

bool
revocations_lists(const struct revocations *r, struct str sid)
{
	size_t low = 0, high = r->n;

	if (sid.n != SID_BYTES)
		return false;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = memcmp(record_sid(r, middle).p, sid.p, SID_BYTES);

		if (order == 0)
			return true;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

enum revocations_answer
revocations_check(struct revocations *r, struct str sid, int64_t now)
{
	if (watch_follow(&r->watch, r) != ERR_OK)
		return REVOCATIONS_FAILED;
	if (r->max_age > 0 && now - r->written > r->max_age) {
		say_too_old(r);
		return REVOCATIONS_FAILED;
	}
	return revocations_lists(r, sid) ? REVOCATIONS_ENDED : REVOCATIONS_NONE;
}

bool
revocations_covers(const struct revocations *r, int64_t iat, int64_t exp)
{
	return r->floor > 0 && iat <= r->floor && exp - iat <= REVOCATIONS_LOGIN_LIFE;
}

/* ---- writing ---- */

void
revocations_write_head(struct buf *out, size_t n, int64_t now)
{
	size_t start = out->n;

	buf_add(out, MAGIC);
	buf_addf(out, "%0*zu %0*lld", COUNT_DIGITS, n, TIME_DIGITS, (long long)now);
	while (!out->failed && out->n - start < REVOCATIONS_RECORD - 1)
		buf_addc(out, ' ');
	buf_addc(out, '\n');
}

void
revocations_write(struct buf *out, struct str sid, int64_t until)
{
	if (sid.n != SID_BYTES || until < 0 || until > UNTIL_MAX) {
		out->failed = true;
		return;
	}
	buf_add(out, sid);
	buf_addf(out, " %0*lld\n", TIME_DIGITS, (long long)until);
}
