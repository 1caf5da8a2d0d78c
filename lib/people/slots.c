#include "people/slots.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/state.h"

/*
 * A process that finds all slots taken looks again after pauses that double: some 70
 * times in a second, with 9 system calls each, however many slots there are.
 */
#define TRIED 8
#define PAUSE_FIRST_MS 2
#define PAUSE_MOST_MS 16

struct tried {
	int fd[TRIED];
	unsigned n;
};

static enum err
lock(const struct state *s, int fd, bool *got, struct why *why)
{
	int result;

	do {
		result = flock(fd, LOCK_EX | LOCK_NB);
	} while (result != 0 && errno == EINTR);
	*got = result == 0;
	if (*got || errno == EWOULDBLOCK)
		return ERR_OK;
	return why_set(
		why, ERR_IO,
		"state_dir: %s: flock: %s; it must be on a file system with locks, "
		"a local one",
		s->path, strerror(errno));
}

/*
 * Try slot `i`. If it is taken by somebody else, it is kept open in `t` if there is
 * room.
 */
static enum err
try_slot(const struct state *s, unsigned i, struct tried *t, int *slot, struct why *why)
{
	char name[32];
	bool got = false;
	int fd;
	enum err e;

	snprintf(name, sizeof(name), "slot.%u", i);
	if ((e = state_file(s, name, &fd, why)) != ERR_OK)
		return e;
	if ((e = lock(s, fd, &got, why)) == ERR_OK && got)
		*slot = fd;
	else if (e == ERR_OK && t->n < TRIED)
		t->fd[t->n++] = fd;
	else
		close(fd);
	return e;
}

/* Among the slots outside, one of those that were tried takes its place. */
static enum err
try_again(const struct state *s, struct tried *t, int *slot, struct why *why)
{
	bool got = false;
	enum err e = ERR_OK;

	for (unsigned i = 0; i < t->n && e == ERR_OK && !got; i++) {
		e = lock(s, t->fd[i], &got, why);
		if (got) {
			*slot = t->fd[i];
			t->fd[i] = t->fd[--t->n];
		}
	}
	return e;
}

static unsigned
processors(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	return n < 1 ? 1 : (unsigned)n;
}

/* Processes begin with different slots. */
static unsigned
somewhere(unsigned n)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return ((unsigned)now.tv_nsec / 1000 + (unsigned)getpid()) % n;
}

static enum err
take(const struct state *s, unsigned n, struct tried *t, int *slot, struct why *why)
{
	int64_t deadline = clock_monotonic_ms() + SLOTS_WAIT_MS;
	unsigned first = somewhere(n);
	long pause = PAUSE_FIRST_MS;
	enum err e = ERR_OK;

	for (unsigned i = 0; i < n && e == ERR_OK && *slot < 0; i++)
		e = try_slot(s, (first + i) % n, t, slot, why);
	while (e == ERR_OK && *slot < 0) {
		if (clock_monotonic_ms() >= deadline)
			return why_set(why, ERR_BUSY, "all password slots are taken");
		nanosleep(&(struct timespec){ .tv_nsec = pause * 1000000L }, NULL);
		pause = pause * 2 < PAUSE_MOST_MS ? pause * 2 : PAUSE_MOST_MS;
		e = try_again(s, t, slot, why);
	}
	return e;
}

enum err
slots_take(const char *directory, unsigned n, int *slot, struct why *why)
{
	struct tried t = { .n = 0 };
	struct state s;
	enum err e;

	*slot = -1;
	if ((e = state_open(directory, true, &s, why)) == ERR_OK)
		e = take(&s, n == 0 ? processors() : n, &t, slot, why);
	while (t.n > 0)
		close(t.fd[--t.n]);
	state_close(&s);
	return e;
}

void
slots_give(int *slot)
{
	if (*slot >= 0)
		close(*slot);
	*slot = -1;
}

enum err
slots_check(const char *directory, struct why *why)
{
	struct tried t = { .n = 0 };
	int slot = -1;
	struct state s;
	enum err e;

	if ((e = state_open(directory, false, &s, why)) == ERR_OK)
		e = try_slot(&s, 0, &t, &slot, why);
	while (t.n > 0)
		close(t.fd[--t.n]);
	slots_give(&slot);
	state_close(&s);
	return e;
}
