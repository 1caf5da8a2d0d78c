/*
 * The addresses of a program, one row for each thing that can be asked of one. The row
 * says what is refused before its handler runs; nothing of that is in a handler.
 *
 *   static const struct route routes[] = {
 *           { "", ROUTE_GET, show, .who = visitor_signed_in },
 *           { "/name", ROUTE_POST, rename, .who = visitor_signed_in,
 *             .body = ROUTE_FORM, .token = form_token,
 *             .fields = { { "form_token", 256 }, { "name", 100 } } },
 *           { NULL },
 *   };
 *
 * In this order: 404 for a path that no row names, 405 with Allow, who may, 415, 400 for
 * a malformed body, a field that is there twice or too long, the form's token, how fresh
 * the login is. Where no row takes the body, the first that takes the method says who may.
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
	ROUTE_ANY = 0, /* it is not looked at here */
	ROUTE_EMPTY,   /* none */
	ROUTE_FORM,    /* application/x-www-form-urlencoded */
	ROUTE_JSON     /* application/json, an object */
};

struct route_field {
	const char *name;
	size_t max; /* bytes; 0: as long as the body may be */
};

/* What the rows' checks have found out; good while the handler runs. */
struct visit {
	struct identity who; /* nobody where anyone may */
	/* Of ROUTE_FORM, or of the query where a GET has fields; else empty. */
	const struct form *form;
	struct json_t *json; /* of ROUTE_JSON */
	void *found;         /* what `who` has looked up: freed by free() */
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
		body; /* of several rows for a path the first that fits is taken */
	struct route_field fields[ROUTE_FIELDS_MAX]; /* others are ignored */
	route_check *token;          /* the form's own token; NULL: it has none */
	route_check *fresh;          /* is the login recent enough? NULL: any is */
	enum response_policy policy; /* of its pages */
	bool cors;                   /* scripts of cors_origins may ask, by `methods` */
};

/* Answer by the rows up to the one without a path. */
void route_answer(const struct route *routes, struct app *app, const struct request *req,
		  struct response *res);

/*
 * Append the methods by which scripts of other origins may ask for the path of `req`,
 * like "GET, HEAD, POST". False when they may not.
 */
bool route_cors(const struct route *routes, const struct request *req, struct buf *out);

#endif
