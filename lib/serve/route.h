/*
 * The addresses of a program, with one row for each kind of request. The row says what
 * is refused before its handler runs. No handler repeats these checks.
 *
 *   static const struct route routes[] = {
 *         { "", ROUTE_GET, show, .who = visitor_signed_in },
 *         { "/name", ROUTE_POST, rename, .who = visitor_signed_in, .body = ROUTE_FORM,
 *           .token = form_token, .fields = { { "form_token", 256 }, { "name", 100 } }
 *      },
 *         { NULL },
 *   };
 *
 * The checks in their order: 404 for a path without a row, 405 with Allow, who may
 * ask, 415, 400 for a malformed body or a field that occurs twice or is too long, the
 * form's token, the age of the login. If no row accepts the body, the first row that
 * accepts the method says who may ask.
 */
#ifndef ROUTE_H
#define ROUTE_H

#include <stdbool.h>
#include <stddef.h>

#include "http/form.h"
#include "http/request.h"
#include "http/response.h"
#include "serve/app.h"
#include "token/identity.h"

#define ROUTE_FIELDS_MAX 8

enum {
	ROUTE_GET = 1, /* and HEAD */
	ROUTE_POST = 2
};

enum route_body {
	ROUTE_ANY = 0, /* the body is not looked at here */
	ROUTE_EMPTY,   /* none */
	ROUTE_FORM,    /* application/x-www-form-urlencoded */
	ROUTE_JSON     /* application/json, an object */
};

struct route_field {
	const char *name;
	size_t max; /* bytes; 0: as long as the body may be */
};

/* What the row's checks have found out. Good while the handler runs. */
struct visit {
	struct identity who; /* empty if everybody may ask */
	/*
	 * The fields of ROUTE_FORM, or of the query if a GET has fields. Otherwise
	 * empty.
	 */
	const struct form *form;
	struct json_t *json; /* of ROUTE_JSON */
	void *found;         /* what `who` has looked up; free() frees it */
};

/* True: go on. False: the answer is complete. */
typedef bool route_check(struct app *app, const struct request *req, struct response *res,
			 struct visit *visit);

struct route {
	const char *path; /* PATH_INFO; "/x-*" is every path that begins with "/x-" */
	unsigned methods; /* ROUTE_GET | ROUTE_POST */
	void (*handle)(struct app *app, const struct request *req, struct response *res,
		       const struct visit *visit);
	route_check *who; /* NULL: nobody */
	enum route_body
		body; /* among several rows for a path, the first that fits is used */
	struct route_field fields[ROUTE_FIELDS_MAX]; /* other fields are ignored */
	route_check *token;          /* checks the form's own token; NULL: it has none */
	route_check *fresh;          /* is the login recent enough? NULL: any login is */
	enum response_policy policy; /* of its pages */
	bool cors;                   /* scripts of cors_origins may ask, with `methods` */
};

/* Answer by means of the rows up to the one without a path. */
void route_answer(const struct route *routes, struct app *app, const struct request *req,
		  struct response *res);

/*
 * Append the methods with which scripts of other origins may ask for the path of
 * `req`, like "GET, HEAD, POST". False if they may not.
 */
bool route_cors(const struct route *routes, const struct request *req, struct buf *out);

#endif
