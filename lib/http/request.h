/*
 * One request, as the web server described it: variables (CGI, RFC 3875, 4.1)
 * and a body. The request owns every byte; parsers hand out views of it.
 *
 * Who called is never read from a header: HTTP_* is what the client says.
 */
#ifndef REQUEST_H
#define REQUEST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

#define REQUEST_BODY_MAX 65536 /* any body; more is 413 */
#define REQUEST_JSON_MAX 16384 /* a JSON body; more is 413 */
#define REQUEST_VARIABLES_MAX 400
#define REQUEST_BUCKETS 128

enum request_role { ROLE_RESPONDER, ROLE_AUTHORIZER };

struct request {
	char *const *variables; /* NAME=VALUE, ends in NULL; borrowed */
	size_t n_variables;
	unsigned short name_length[REQUEST_VARIABLES_MAX]; /* of each; 0: no "=" */
	/* Chains of the names that fall into one bucket: index + 1, 0 at the end. */
	unsigned short first[REQUEST_BUCKETS], next[REQUEST_VARIABLES_MAX];
	enum request_role role;
	struct str method;       /* REQUEST_METHOD */
	struct str uri;          /* REQUEST_URI: as the client sent it, with the query */
	struct str script;       /* SCRIPT_NAME: where the program is mounted */
	struct str path;         /* PATH_INFO: decoded once by the server; route on it */
	struct str query;        /* QUERY_STRING, not decoded */
	struct str content_type; /* CONTENT_TYPE, whole */
	struct str remote_address; /* REMOTE_ADDR */
	bool https;                /* HTTPS is on */
	struct buf body;           /* read to its end */
};

/*
 * Take the variables; `variables` must outlive the request. ERR_SYNTAX (400):
 * a variable that this project consumes occurs twice (two headers that differ
 * in - and _ only: lighttpd passes both), or REQUEST_METHOD is missing.
 * ERR_LIMIT (431): too many variables.
 */
enum err request_init(struct request *r, char *const *variables);
void request_done(struct request *r);

/*
 * A variable by its name, like "HTTP_ACCEPT" or "REMOTE_USER"; empty (p NULL)
 * when absent, and absent when it occurs twice.
 */
struct str request_env(const struct request *r, const char *name);

/* REQUEST_URI without its query, which may hold a token: the part that may be logged. */
struct str request_target_path(const struct request *r);

/* How often it occurs. */
size_t request_count(const struct request *r, const char *name);

/* "GET", "POST" …: byte for byte, methods are case-sensitive (RFC 9110, 9.1). */
bool request_is(const struct request *r, const char *method);

/* GET or HEAD. */
bool request_is_read(const struct request *r);

/* GET, HEAD, OPTIONS, TRACE: what RFC 9110, 9.2.1 calls safe. */
bool request_is_safe(const struct request *r);

#endif
