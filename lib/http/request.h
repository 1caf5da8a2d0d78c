/*
 * One request as the web server described it: variables (CGI, RFC 3875, 4.1) and a
 * body. The request owns every byte. Parsers return views of it.
 *
 * Do not read from a header who the visitor is: the client chooses every HTTP_*
 * variable.
 */
#ifndef REQUEST_H
#define REQUEST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

#define REQUEST_BODY_MAX 65536 /* any body; a longer one is answered with 413 */
#define REQUEST_JSON_MAX 16384 /* a JSON body; a longer one is answered with 413 */
#define REQUEST_VARIABLES_MAX 400
#define REQUEST_BUCKETS 128

enum request_role { ROLE_RESPONDER, ROLE_AUTHORIZER };

struct request {
	char *const *variables; /* NAME=VALUE, ends in NULL; borrowed */
	size_t n_variables;
	unsigned short name_length[REQUEST_VARIABLES_MAX]; /* length of each name; 0: no
							    * "=" */
	/* Chains of the names in the same bucket: index + 1, 0 at the end. */
	unsigned short first[REQUEST_BUCKETS], next[REQUEST_VARIABLES_MAX];
	enum request_role role;
	struct str method;         /* REQUEST_METHOD */
	struct str uri;            /* REQUEST_URI as the client sent it, with the query */
	struct str script;         /* SCRIPT_NAME: the address of the program */
	struct str path;           /* PATH_INFO, decoded once by the server; routes are
				  * chosen by it */
	struct str query;          /* QUERY_STRING, not decoded */
	struct str content_type;   /* CONTENT_TYPE as sent */
	struct str remote_address; /* REMOTE_ADDR */
	bool https;                /* HTTPS is on */
	struct buf body;           /* the body has been read completely */
};

/*
 * Take the variables, which must outlive the request. ERR_SYNTAX (400): REQUEST_METHOD
 * is missing, or a variable that we read occurs twice (lighttpd passes on two headers
 * that differ only in - and _). ERR_LIMIT (431): too many variables.
 */
enum err request_init(struct request *r, char *const *variables);
void request_done(struct request *r);

/*
 * A variable by its name, like "HTTP_ACCEPT" or "REMOTE_USER". Empty (p NULL) if it is
 * absent or occurs twice.
 */
struct str request_env(const struct request *r, const char *name);

/* REQUEST_URI without its query, which may hold a token. This may be logged. */
struct str request_target_path(const struct request *r);

/* How often the variable occurs. */
size_t request_count(const struct request *r, const char *name);

/* True for the method `method` ("GET" …). Case matters (RFC 9110, 9.1). */
bool request_is(const struct request *r, const char *method);

/* GET or HEAD. */
bool request_is_read(const struct request *r);

/* True for GET, HEAD, OPTIONS and TRACE, which RFC 9110, 9.2.1 calls safe. */
bool request_is_safe(const struct request *r);

#endif
