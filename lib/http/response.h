/*
 * The answer. It is collected completely before a byte is sent. If no function
 * completes a response, serve sends a refusal in its place. Each function of the
 * second half completes it; the last one called decides.
 *
 * The response fails as a whole if a header name is no token (RFC 9110, 5.6.2), if a
 * value contains a control byte, or if the body exceeds its limit.
 */
#ifndef RESPONSE_H
#define RESPONSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

#define RESPONSE_HEADERS_MAX 16384
#define RESPONSE_BODY_MAX (1024 * 1024)

/* The policy of every page: only our stylesheet, and forms sent to ourselves. */
#define RESPONSE_CSP                                                                     \
	"default-src 'none'; style-src 'self'; img-src 'self' data:; "                   \
	"form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

/* What the Content-Security-Policy of a page must allow in addition: one, or both by |. */
enum response_policy {
	RESPONSE_PLAIN = 0, /* nothing */
	RESPONSE_LEADS_AWAY =
		1, /* a form whose answer may lead to one of return_to_origins */
	RESPONSE_WITH_SCRIPT = 2, /* the one script of the pages */
	RESPONSE_POLICIES = 4     /* how many there are of them */
};

struct response {
	int status;         /* 0: no function has completed it */
	struct buf headers; /* lines, each with its CRLF */
	struct buf body;
	int file; /* a file that is sent after the body; owned; -1: none */
	int64_t file_offset, file_length;
	enum response_policy policy;
	bool complete;
	bool failed;
};

/* Empty, with the headers that every answer carries (no-store, nosniff, CSP …). */
void response_init(struct response *r);
void response_done(struct response *r);

/* Forget everything that was set, as after response_init. */
void response_reset(struct response *r);

/* Set a header. It replaces one of the same name. */
bool response_header(struct response *r, const char *name, struct str value);
bool response_headerz(struct response *r, const char *name, const char *value);

/* Add one more line with that name: Set-Cookie, WWW-Authenticate, Vary. */
bool response_header_add(struct response *r, const char *name, struct str value);

/* Remove a header. */
void response_header_remove(struct response *r, const char *name);

/* The value of the first header of that name. False if there is none. */
bool response_header_find(const struct response *r, const char *name, struct str *value);

/* Append to the body. This does not complete the response. */
bool response_body(struct response *r, struct str bytes);

/* ---- complete answers ---- */

/* `content_type` includes a charset: "text/html; charset=utf-8". */
void response_send(struct response *r, int status, const char *content_type,
		   struct str body);

/* The bytes that response_body has collected become the answer. */
void response_finish(struct response *r, int status, const char *content_type);

/*
 * The bytes of the file from `offset` on become the answer's body. The response takes
 * `file` over and closes it in any case.
 */
void response_file(struct response *r, int status, const char *content_type, int file,
		   int64_t offset, int64_t length);

/* "application/json". `json` is already well formed. */
void response_json(struct response *r, int status, struct str json);

/* No body: 204, or an authorizer's answer. */
void response_empty(struct response *r, int status);

/*
 * 303 See Other (RFC 9110, 15.4.4) to `location`, which the caller has checked.
 * Not 302 or 307, because a password must not be posted again.
 */
void response_see_other(struct response *r, struct str location);

/* 405 with Allow, like "GET, HEAD, POST". */
void response_method_not_allowed(struct response *r, const char *allow);

/*
 * An error document: {"error":code,"error_description":description}. Both are our own
 * words, or they are escaped. Headers that were set before stay, except those of the
 * body.
 */
void response_error(struct response *r, int status, const char *code,
		    const char *description);

/* "Not Found" for 404, and so on. "Unknown" for a status that we never send. */
const char *response_reason(int status);

#endif
