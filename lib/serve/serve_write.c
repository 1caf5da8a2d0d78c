#include "serve/serve_request.h"

#include <errno.h>
#include <unistd.h>

/*
 * An authorizer's consent: the variables and nothing else. Apache would pass any other
 * header on to the client, and would cut the real answer at a Content-Length.
 */
static void
add_variables(struct buf *head, const struct response *resp)
{
	struct str rest = buf_str(&resp->headers);

	while (rest.n > 0) {
		struct str line = str_cut(&rest, '\n');

		if (str_eq_nocase(str_sub(line, 0, 9), STR("Variable-"))) {
			buf_add(head, line);
			buf_addc(head, '\n');
		}
	}
}

static bool
has_body(const struct response *resp)
{
	return resp->status != 204 && resp->status != 304;
}

/*
 * Apache turns every refusal into a 401 and lets its ErrorDocument answer, but adds
 * our headers to those of that answer. Each would then occur twice.
 */
static bool
is_refusal_to_apache(const struct request *req, const struct response *resp)
{
	return req->role == ROLE_AUTHORIZER && resp->status != 200 &&
	       request_count(req, "FCGI_APACHE_ROLE") > 0;
}

static bool
add_head(struct buf *head, const struct request *req, const struct response *resp)
{
	buf_add(head, STR("Status: "));
	buf_addi(head, resp->status);
	buf_addc(head, ' ');
	buf_addz(head, response_reason(resp->status));
	buf_add(head, STR("\r\n"));
	if (req->role == ROLE_AUTHORIZER && resp->status == 200) {
		add_variables(head, resp);
	} else if (!is_refusal_to_apache(req, resp)) {
		buf_add(head, buf_str(&resp->headers));
		if (has_body(resp)) {
			buf_add(head, STR("Content-Length: "));
			buf_addi(head, (int64_t)resp->body.n + resp->file_length);
			buf_add(head, STR("\r\n"));
		}
	}
	return buf_addz(head, "\r\n");
}

static bool
sends_body(const struct request *req, const struct response *resp)
{
	if (req->role == ROLE_AUTHORIZER && resp->status == 200)
		return false;
	if (is_refusal_to_apache(req, resp))
		return false;
	return has_body(resp) && !request_is(req, "HEAD");
}

/*
 * If the file ends early, the answer ends early, and the client sees that it is
 * incomplete.
 */
static bool
write_file(const struct response *resp, struct serve_io *io)
{
	char piece[65536];
	int64_t at = resp->file_offset, end = at + resp->file_length;

	while (at < end) {
		size_t want = sizeof(piece);
		ssize_t n;

		if (end - at < (int64_t)want)
			want = (size_t)(end - at);
		do
			n = pread(resp->file, piece, want, (off_t)at);
		while (n < 0 && errno == EINTR);
		if (n <= 0 || !io->write(io->handle, (struct str){ piece, (size_t)n }))
			return false;
		at += n;
	}
	return true;
}

/*
 * For the case that there is no memory even for a refusal. It must not end without an
 * answer: lighttpd takes an authorizer's silence for consent.
 */
static const char last_word[] = "Status: 503 Service Unavailable\r\n"
				"Cache-Control: no-store\r\n"
				"Content-Type: text/plain\r\n"
				"Content-Length: 0\r\n\r\n";

bool
serve_write(const struct request *req, const struct response *resp, struct buf *head,
	    struct serve_io *io)
{
	bool done;

	buf_clear(head);
	if (!resp->complete || resp->failed || !add_head(head, req, resp)) {
		io->write(io->handle, STR(last_word));
		return false;
	}
	done = io->write(io->handle, buf_str(head));
	if (done && sends_body(req, resp) && resp->body.n > 0)
		done = io->write(io->handle, buf_str(&resp->body));
	if (done && sends_body(req, resp) && resp->file >= 0)
		done = write_file(resp, io);
	buf_clear(head);
	return done;
}
