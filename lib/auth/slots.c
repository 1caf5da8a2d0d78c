#include "auth/slots.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "crypto/mac.h"

#define RETRY_MS 3

/* Bind the name of slot `i`; -1 with EADDRINUSE when somebody has it. */
static int
take(const unsigned char site[32], unsigned i)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct buf name;
	socklen_t length;
	int fd;

	buf_init(&name, sizeof(address.sun_path) - 1);
	buf_addz(&name, "doorward-slot-");
	for (size_t k = 0; k < 16; k++)
		buf_addf(&name, "%02x", site[k]);
	if (!buf_addf(&name, "-%u", i)) {
		buf_done(&name);
		errno = ENOMEM;
		return -1;
	}
	memcpy(address.sun_path + 1, name.p, name.n); /* a leading NUL: abstract */
	length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + name.n);
	buf_done(&name);
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 && bind(fd, (const struct sockaddr *)&address, length) != 0) {
		int saved = errno;

		close(fd);
		errno = saved;
		return -1;
	}
	return fd;
}

static unsigned
processors(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	return n < 1 ? 1 : (unsigned)n;
}

enum err
slots_take(struct str site, unsigned n, int *slot)
{
	int64_t deadline = clock_monotonic_ms() + SLOTS_WAIT_MS;
	unsigned char name[32];
	enum err e = mac_sha256(site, STR("doorward password slots"), name);

	*slot = -1;
	if (e != ERR_OK)
		return e;
	if (n == 0)
		n = processors();
	for (;;) {
		for (unsigned i = 0; i < n; i++) {
			*slot = take(name, i);
			if (*slot >= 0)
				return ERR_OK;
			if (errno != EADDRINUSE)
				return ERR_IO;
		}
		if (clock_monotonic_ms() >= deadline)
			return ERR_BUSY;
		nanosleep(&(struct timespec){ .tv_nsec = RETRY_MS * 1000000L }, NULL);
	}
}

void
slots_give(int *slot)
{
	if (*slot >= 0)
		close(*slot);
	*slot = -1;
}
