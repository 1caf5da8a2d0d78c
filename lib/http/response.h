/*
 * The answer, collected whole before a byte leaves. A response that nobody
 * completed is never sent: serve writes a refusal in its place. All of the
 * functions of the second half complete it; the last one called decides.
 *
 * A header name that is no token (RFC 9110, 5.6.2), or a value with a control
 * byte, fails the response as a whole; so does a body over its ceiling.
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

/* For every page: nothing but our own stylesheet and forms to ourselves. */
#define RESPONSE_CSP                                                                     \
	"default-src 'none'; style-src 'self'; img-src 'self' data:; "                   \
	"form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

/* What the Content-Security-Policy of a page has to allow besides. */
enum response_policy {
	RESPONSE_PLAIN = 0, /* nothing */
	RESPONSE_LEADS_AWAY /* a form that is answered with a way to return_to_origins */
};

struct response {
	int status;         /* 0: nobody has decided */
	struct buf headers; /* lines, each with its CRLF */
	struct buf body;
	int file; /* sent after the body; owned; -1: none */
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

/* Set a header, in place of one of the same name. */
bool response_header(struct response *r, const char *name, struct str value);
bool response_headerz(struct response *r, const char *name, const char *value);

/* Add one more line of that name: Set-Cookie, WWW-Authenticate, Vary. */
bool response_header_add(struct response *r, const char *name, struct str value);

/* Take a header away. */
void response_header_remove(struct response *r, const char *name);

/* The value of the first header of that name; false when there is none. */
bool response_header_find(const struct response *r, const char *name, struct str *value);

/* Append to the body. Alone it completes nothing. */
bool response_body(struct response *r, struct str bytes);

/* ---- complete answers ---- */

/* `content_type` with a charset, like "text/html; charset=utf-8". */
void response_send(struct response *r, int status, const char *content_type,
		   struct str body);

/* What response_body has collected so far becomes the answer. */
void response_finish(struct response *r, int status, const char *content_type);

/*
 * The file's bytes from `offset` on become the answer's body. The response
 * takes `file` over and closes it, whatever happens.
 */
void response_file(struct response *r, int status, const char *content_type, int file,
		   int64_t offset, int64_t length);

/* "application/json"; `json` is already well formed. */
void response_json(struct response *r, int status, struct str json);

/* No body at all: 204, or an authorizer's answer. */
void response_empty(struct response *r, int status);

/*
 * 303 See Other (RFC 9110, 15.4.4) to `location`, which the caller has checked. No 302 and no 307: a password must not be posted on.
 */
void response_see_other(struct response *r, struct str location);

/* 405 with Allow, like "GET, HEAD, POST". */
void response_method_not_allowed(struct response *r, const char *allow);

/*
 * An error document: {"error":code,"error_description":description}. Both are
 * our own words, or get escaped. Headers set before, except those of the body,
 * stay.
 */
void response_error(struct response *r, int status, const char *code,
		    const char *description);

/* "Not Found" for 404 …; "Unknown" for a status that we never send. */
const char *response_reason(int status);

#endif
