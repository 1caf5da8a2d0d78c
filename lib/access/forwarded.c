#include "access/forwarded.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <string.h>

#define TEXT_MAX 64 /* of an address or a network */

struct address {
	unsigned char bytes[16]; /* IPv4 as ::ffff:a.b.c.d */
	bool is_v4;
};

static bool
parse(struct str text, struct address *a)
{
	char z[TEXT_MAX];

	*a = (struct address){ 0 };
	if (text.n == 0 || text.n >= sizeof(z) || memchr(text.p, '\0', text.n) != NULL)
		return false;
	memcpy(z, text.p, text.n);
	z[text.n] = '\0';
	if (inet_pton(AF_INET6, z, a->bytes) == 1) {
		a->is_v4 = IN6_IS_ADDR_V4MAPPED((struct in6_addr *)(void *)a->bytes);
		return true;
	}
	a->is_v4 = true;
	a->bytes[10] = a->bytes[11] = 0xff;
	return inet_pton(AF_INET, z, a->bytes + 12) == 1;
}

static bool
is_in(const struct address *a, struct str network)
{
	struct str text = str_cut(&network, '/');
	struct address net;
	int64_t bits;
	int64_t most;

	if (!parse(text, &net) || net.is_v4 != a->is_v4)
		return false;
	most = net.is_v4 && str_index(text, ':') == text.n ? 32 : 128;
	bits = most;
	if (network.n > 0 && !str_to_int(network, 0, most, &bits))
		return false;
	bits += 128 - most;
	for (int64_t i = 0; i < bits; i++) {
		unsigned bit = 0x80U >> (i % 8);

		if (((a->bytes[i / 8] ^ net.bytes[i / 8]) & bit) != 0)
			return false;
	}
	return true;
}

static bool
is_trusted(const struct address *a, const char *const *trusted, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (is_in(a, str_of(trusted[i])))
			return true;
	}
	return false;
}

/* Cut the last entry off. */
static struct str
cut_last(struct str *list)
{
	size_t from = list->n;
	struct str last;

	while (from > 0 && list->p[from - 1] != ',')
		from--;
	last = str_trim(str_sub(*list, from, list->n));
	*list = str_sub(*list, 0, from > 0 ? from - 1 : 0);
	return last;
}

/*
 * An entry without the port that some proxies add: 192.0.2.7:4711 and
 * [2001:db8::7]:4711, or [2001:db8::7] alone. Other entries stay as they are.
 */
static struct str
without_port(struct str entry)
{
	size_t colon = str_index(entry, ':');
	struct str rest = str_sub(entry, colon + 1, entry.n);
	int64_t port;

	if (str_starts_with(entry, STR("["))) {
		size_t end = str_index(entry, ']');
		struct str inside = str_sub(entry, 1, end - 1);

		rest = str_sub(entry, end + 1, entry.n);
		if (end == entry.n || str_index(inside, ':') == inside.n)
			return entry;
		if (rest.n == 0)
			return inside;
		return rest.p[0] == ':' && str_to_int(str_sub(rest, 1, rest.n), 0, 65535,
						      &port)
			       ? inside
			       : entry;
	}
	return str_to_int(rest, 0, 65535, &port) ? str_sub(entry, 0, colon) : entry;
}

struct str
forwarded_client(struct str remote, struct str forwarded, const char *const *trusted,
		 size_t n)
{
	struct str client = remote;
	struct address a;

	while (parse(client, &a) && is_trusted(&a, trusted, n) && forwarded.n > 0) {
		struct str next = without_port(cut_last(&forwarded));

		if (!parse(next, &a))
			break;
		client = next;
	}
	return client;
}
