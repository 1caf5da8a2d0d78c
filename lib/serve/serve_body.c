#include "serve/serve_request.h"

#include <string.h>

#include "http/media.h"

/*
 * A body that is too long is still read, because the server may be writing it before
 * it reads our answer. But not for ever.
 */
#define DRAIN_MAX (64 * 1024 * 1024)

/* -1: there is no length; -2: it is no number. */
static int64_t
content_length(const struct request *req)
{
	struct str s = request_env(req, "CONTENT_LENGTH");
	int64_t n;

	if (s.n == 0)
		return -1;
	return str_to_int(s, 0, INT64_MAX, &n) ? n : -2;
}

static int64_t
body_max(const struct request *req)
{
	return media_is(req->content_type, "application/json") ? REQUEST_JSON_MAX
							       : REQUEST_BODY_MAX;
}

/*
 * Read one piece of at most `most` bytes, and append it if `keep` allows. Returns the
 * number of bytes, 0 at the end, or -1. No other copy of the bytes remains.
 */
static int64_t
read_piece(struct buf *body, struct serve_io *io, int64_t keep, int64_t most)
{
	char piece[1024];
	size_t want = most < (int64_t)sizeof(piece) ? (size_t)most : sizeof(piece);
	int64_t n = io->read(io->handle, piece, want);

	if (n > (int64_t)want ||
	    (n > 0 && n <= keep && !buf_add(body, (struct str){ piece, (size_t)n })))
		n = -1;
	explicit_bzero(piece, sizeof(piece));
	return n;
}

/*
 * Read up to `limit` bytes and keep the first `keep`. Returns the number read, or -1.
 */
static int64_t
read_all(struct buf *body, struct serve_io *io, int64_t keep, int64_t limit)
{
	int64_t total = 0, n;

	for (; total < limit; total += n) {
		n = read_piece(body, io, keep - total, limit - total);
		if (n == 0)
			break;
		if (n < 0)
			return -1;
	}
	return total;
}

int
serve_read_body(struct request *req, struct serve_io *io)
{
	int64_t length = content_length(req), max = body_max(req), total;

	if (length == -2)
		return 400;
	if (io->endless && length < 0 && request_is_safe(req))
		return 0;
	total = read_all(&req->body, io, max,
			 io->endless && length >= 0 && length < DRAIN_MAX ? length
									  : DRAIN_MAX);
	if (total > max || length > max)
		return 413;
	if (total < 0 || (length >= 0 && total != length))
		return 400;
	return 0;
}
