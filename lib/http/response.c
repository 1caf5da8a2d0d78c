#include "http/response.h"

#include <string.h>
#include <unistd.h>

#define JSON_TYPE "application/json"
#define RESPONSE_BODY_KEPT 16384 /* memory that a reset keeps allocated */

static const char always[] = "Cache-Control: no-store\r\n"
			     "X-Content-Type-Options: nosniff\r\n"
			     "Content-Security-Policy: " RESPONSE_CSP "\r\n"
			     "Referrer-Policy: same-origin\r\n"
			     "X-Frame-Options: DENY\r\n"
			     "Cross-Origin-Opener-Policy: same-origin\r\n";

static void
drop_file(struct response *r)
{
	if (r->file >= 0)
		close(r->file);
	r->file = -1;
	r->file_offset = r->file_length = 0;
}

void
response_reset(struct response *r)
{
	r->status = 0;
	r->policy = RESPONSE_PLAIN;
	r->complete = false;
	drop_file(r);
	buf_clear(&r->headers);
	if (r->body.size > RESPONSE_BODY_KEPT)
		buf_done(&r->body);
	else
		buf_clear(&r->body);
	r->failed = !buf_add(&r->headers, STR(always));
}

void
response_init(struct response *r)
{
	r->file = -1;
	buf_init(&r->headers, RESPONSE_HEADERS_MAX);
	buf_init(&r->body, RESPONSE_BODY_MAX);
	response_reset(r);
}

void
response_done(struct response *r)
{
	if (r == NULL)
		return;
	drop_file(r);
	buf_done(&r->headers);
	buf_done(&r->body);
	*r = (struct response){ .file = -1,
				.headers.max = RESPONSE_HEADERS_MAX,
				.body.max = RESPONSE_BODY_MAX };
}

/* tchar of RFC 9110, 5.6.2. */
static bool
is_token(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		bool alphanumeric = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
				    (c >= '0' && c <= '9');

		if (c == '\0' || (!alphanumeric && strchr("!#$%&'*+-.^_`|~", c) == NULL))
			return false;
	}
	return s.n > 0;
}

/* The start of the line of `name`, and its length with CRLF. */
static bool
find_line(const struct response *r, struct str name, size_t *from, size_t *length)
{
	struct str all = buf_str(&r->headers);

	for (size_t at = 0; at < all.n; at += *length) {
		struct str rest = str_sub(all, at, all.n);
		size_t line = str_index(rest, '\n');

		*from = at;
		*length = line + 1;
		if (line > name.n && rest.p[name.n] == ':' &&
		    str_eq_nocase(str_sub(rest, 0, name.n), name))
			return true;
	}
	return false;
}

void
response_header_remove(struct response *r, const char *name)
{
	size_t from, length;

	while (find_line(r, str_of(name), &from, &length)) {
		size_t after = r->headers.n - from - length;

		memmove(r->headers.p + from, r->headers.p + from + length, after);
		explicit_bzero(r->headers.p + from + after, length);
		r->headers.n -= length;
	}
}

bool
response_header_find(const struct response *r, const char *name, struct str *value)
{
	size_t from, length, skip = str_of(name).n + 2;

	if (!find_line(r, str_of(name), &from, &length))
		return false;
	*value = str_sub(buf_str(&r->headers), from + skip, length - skip - 2);
	return true;
}

bool
response_header_add(struct response *r, const char *name, struct str value)
{
	struct buf *h = &r->headers;

	if (r->failed || !is_token(str_of(name)) || str_has_control(value)) {
		r->failed = true;
		return false;
	}
	buf_addz(h, name);
	buf_addz(h, ": ");
	buf_add(h, value);
	buf_addz(h, "\r\n");
	r->failed = h->failed;
	return !r->failed;
}

bool
response_header(struct response *r, const char *name, struct str value)
{
	response_header_remove(r, name);
	return response_header_add(r, name, value);
}

bool
response_headerz(struct response *r, const char *name, const char *value)
{
	return response_header(r, name, str_of(value));
}

bool
response_body(struct response *r, struct str bytes)
{
	if (r->failed || !buf_add(&r->body, bytes)) {
		r->failed = true;
		return false;
	}
	return true;
}

static void
complete(struct response *r, int status)
{
	r->status = status;
	r->complete = !r->failed && status >= 200 && status <= 599;
}

void
response_finish(struct response *r, int status, const char *content_type)
{
	response_headerz(r, "Content-Type", content_type);
	complete(r, status);
}

void
response_send(struct response *r, int status, const char *content_type, struct str body)
{
	drop_file(r);
	buf_clear(&r->body);
	response_body(r, body);
	response_finish(r, status, content_type);
}

void
response_file(struct response *r, int status, const char *content_type, int file,
	      int64_t offset, int64_t length)
{
	drop_file(r);
	buf_clear(&r->body);
	r->file = file;
	r->file_offset = offset;
	r->file_length = length;
	response_finish(r, status, content_type);
}

void
response_json(struct response *r, int status, struct str json)
{
	response_send(r, status, JSON_TYPE, json);
}

void
response_empty(struct response *r, int status)
{
	drop_file(r);
	buf_clear(&r->body);
	response_header_remove(r, "Content-Type");
	complete(r, status);
}

void
response_see_other(struct response *r, struct str location)
{
	if (location.n == 0)
		r->failed = true;
	response_header(r, "Location", location);
	response_empty(r, 303);
}

void
response_method_not_allowed(struct response *r, const char *allow)
{
	response_headerz(r, "Allow", allow);
	response_error(r, 405, "method_not_allowed", "use one of the allowed methods");
}

/* Append a JSON string. Bytes that are not UTF-8 become question marks. */
static void
add_json_string(struct buf *out, const char *z)
{
	bool utf8 = str_is_utf8(str_of(z));

	buf_addc(out, '"');
	for (; *z != '\0'; z++) {
		unsigned char c = (unsigned char)*z;

		if (c == '"' || c == '\\')
			buf_addf(out, "\\%c", c);
		else if (c < 0x20 || c == 0x7f)
			buf_addf(out, "\\u%04x", c);
		else
			buf_addc(out, c >= 0x80 && !utf8 ? '?' : (char)c);
	}
	buf_addc(out, '"');
}

void
response_error(struct response *r, int status, const char *code, const char *description)
{
	drop_file(r);
	buf_clear(&r->body);
	buf_addz(&r->body, "{\"error\":");
	add_json_string(&r->body, code);
	buf_addz(&r->body, ",\"error_description\":");
	add_json_string(&r->body, description);
	buf_addz(&r->body, "}\n");
	r->failed = r->failed || r->body.failed;
	response_finish(r, status, JSON_TYPE);
}

const char *
response_reason(int status)
{
	static const struct {
		int status;
		const char *reason;
	} known[] = {
		{ 200, "OK" },
		{ 204, "No Content" },
		{ 206, "Partial Content" },
		{ 300, "Multiple Choices" },
		{ 301, "Moved Permanently" },
		{ 302, "Found" },
		{ 303, "See Other" },
		{ 304, "Not Modified" },
		{ 307, "Temporary Redirect" },
		{ 308, "Permanent Redirect" },
		{ 400, "Bad Request" },
		{ 401, "Unauthorized" },
		{ 403, "Forbidden" },
		{ 404, "Not Found" },
		{ 405, "Method Not Allowed" },
		{ 406, "Not Acceptable" },
		{ 408, "Request Timeout" },
		{ 409, "Conflict" },
		{ 410, "Gone" },
		{ 411, "Length Required" },
		{ 412, "Precondition Failed" },
		{ 413, "Content Too Large" },
		{ 414, "URI Too Long" },
		{ 415, "Unsupported Media Type" },
		{ 416, "Range Not Satisfiable" },
		{ 417, "Expectation Failed" },
		{ 421, "Misdirected Request" },
		{ 422, "Unprocessable Content" },
		{ 423, "Locked" },
		{ 424, "Failed Dependency" },
		{ 426, "Upgrade Required" },
		{ 428, "Precondition Required" },
		{ 429, "Too Many Requests" },
		{ 431, "Request Header Fields Too Large" },
		{ 451, "Unavailable For Legal Reasons" },
		{ 500, "Internal Server Error" },
		{ 501, "Not Implemented" },
		{ 502, "Bad Gateway" },
		{ 503, "Service Unavailable" },
		{ 504, "Gateway Timeout" },
		{ 505, "HTTP Version Not Supported" },
		{ 507, "Insufficient Storage" },
		{ 508, "Loop Detected" },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (known[i].status == status)
			return known[i].reason;
	return "Unknown";
}
