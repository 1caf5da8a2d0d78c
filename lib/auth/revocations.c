#include "auth/revocations.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "base/text.h"

#define MAGIC STR("doorward-revocations 1 ")
#define SID_BYTES 36
#define READ_BYTES 8192
#define COUNT_DIGITS 9
#define TIME_DIGITS 12
#define UNTIL_MAX INT64_C(999999999999)

/* Timestamps of files move in ticks: 10 ms at the most, 2 s on coarse file systems. */
#define TICK_NS INT64_C(50000000)
#define COARSE_TICK_NS INT64_C(2000000000)

bool
revocations_is_sid(struct str sid)
{
	for (size_t i = 0; i < sid.n; i++)
		if (sid.p[i] >= 'A' && sid.p[i] <= 'F')
			return false;
	return text_is_uuid(sid) && !str_is(sid, REVOCATIONS_FLOOR_SID);
}

void
revocations_init(struct revocations *r, const char *path, int64_t max_age)
{
	*r = (struct revocations){ .path = path, .max_age = max_age };
	/* room to find out that there is no more */
	buf_init(&r->bytes, REVOCATIONS_BYTES + READ_BYTES);
}

void
revocations_done(struct revocations *r)
{
	if (r == NULL)
		return;
	buf_done(&r->bytes);
	r->good = false;
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
read_bytes(struct revocations *r, int fd, struct why *why)
{
	buf_clear(&r->bytes);
	for (;;) {
		ssize_t n;

		if (!buf_reserve(&r->bytes, READ_BYTES))
			return why_set(why, ERR_LIMIT, "%s is too large", r->path);
		n = read(fd, r->bytes.p + r->bytes.n, r->bytes.size - r->bytes.n - 1);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return why_set(why, ERR_IO, "%s: %s", r->path, strerror(errno));
		if (n == 0)
			return ERR_OK;
		r->bytes.n += (size_t)n;
	}
}

static enum err
take(struct revocations *r, int fd, struct why *why)
{
	enum err e;

	if (fstat(fd, &r->seen) != 0 || !S_ISREG(r->seen.st_mode))
		return why_set(why, ERR_IO, "%s is not a regular file", r->path);
	if (r->seen.st_mode & S_IWOTH)
		return why_set(why, ERR_PERMISSION, "everyone may write %s", r->path);
	if ((e = read_bytes(r, fd, why)) != ERR_OK)
		return e;
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
	int fd = open(r->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	enum err e;

	if (fd < 0)
		return why_set(why, ERR_IO, "%s: %s", r->path, strerror(errno));
	e = take(r, fd, why);
	close(fd);
	r->floor =
		e == ERR_OK && r->n > 0 && str_is(record_sid(r, 0), REVOCATIONS_FLOOR_SID)
			? revocations_until(r, 0)
			: 0;
	return e;
}

/* ---- noticing a change ---- */

static bool
is_seen(const struct revocations *r, const struct stat *st)
{
	const struct stat *s = &r->seen;

	return st->st_dev == s->st_dev && st->st_ino == s->st_ino &&
	       st->st_size == s->st_size && st->st_mode == s->st_mode &&
	       st->st_mtim.tv_sec == s->st_mtim.tv_sec &&
	       st->st_mtim.tv_nsec == s->st_mtim.tv_nsec;
}

/*
 * A file changed within the last tick may change again without another
 * timestamp, and the next one may even get its inode number.
 */
static bool
is_fresh(const struct stat *st)
{
	int64_t tick = st->st_mtim.tv_nsec == 0 ? COARSE_TICK_NS : TICK_NS;
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (now.tv_sec - st->st_mtim.tv_sec) * INT64_C(1000000000) + now.tv_nsec -
		       st->st_mtim.tv_nsec <
	       tick;
}

static void
tell(struct revocations *r, struct str reason)
{
	if (!r->told)
		LOG(LOG_ERROR, "revocations_unusable", { "reason", reason });
	r->told = true;
}

static void
refresh(struct revocations *r)
{
	struct why why = { "" };
	struct stat st;

	if (stat(r->path, &st) == 0 && r->good && !r->fresh && is_seen(r, &st))
		return;
	r->good = revocations_load(r, &why) == ERR_OK;
	r->fresh = r->good && is_fresh(&r->seen);
	if (r->good)
		r->told = false;
	else
		tell(r, str_of(why.text));
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
	refresh(r);
	if (!r->good)
		return REVOCATIONS_FAILED;
	if (r->max_age > 0 && now - r->written > r->max_age) {
		tell(r, STR("it was not renewed for revocation_max_age"));
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
