#include "serve/route.h"

#include <stdlib.h>

#include "http/media.h"
#include "serve/serve.h"
#include "json/json.h"

static const char *const media[] = {
	[ROUTE_ANY] = NULL,
	[ROUTE_EMPTY] = NULL,
	[ROUTE_FORM] = "application/x-www-form-urlencoded",
	[ROUTE_JSON] = "application/json",
};

/* ---- which row ---- */

static bool
is_path(const struct route *r, const struct request *req)
{
	struct str path = str_of(r->path);

	if (str_ends_with(path, STR("*")))
		return str_starts_with(req->path, str_sub(path, 0, path.n - 1));
	return str_eq(req->path, path);
}

static bool
takes_method(const struct route *r, const struct request *req)
{
	return ((r->methods & ROUTE_GET) != 0 && request_is_read(req)) ||
	       ((r->methods & ROUTE_POST) != 0 && request_is(req, "POST"));
}

static bool
takes_body(const struct route *r, const struct request *req)
{
	if (r->body == ROUTE_EMPTY)
		return req->body.n == 0;
	return media[r->body] == NULL || media_is(req->content_type, media[r->body]);
}

static void
add_methods(unsigned methods, struct buf *out)
{
	if ((methods & ROUTE_GET) != 0)
		buf_addz(out, "GET, HEAD");
	if (methods == (ROUTE_GET | ROUTE_POST))
		buf_addz(out, ", ");
	if ((methods & ROUTE_POST) != 0)
		buf_addz(out, "POST");
}

bool
route_cors(const struct route *routes, const struct request *req, struct buf *out)
{
	unsigned methods = 0;

	for (const struct route *r = routes; r->path != NULL; r++)
		if (r->cors && is_path(r, req))
			methods |= r->methods;
	add_methods(methods, out);
	return methods != 0 && !out->failed;
}

/* ---- no row ---- */

static void
refuse_method(struct app *app, const struct request *req, struct response *res,
	      unsigned methods)
{
	struct buf allow;

	buf_init(&allow, 64);
	add_methods(methods, &allow);
	response_header(res, "Allow", buf_str(&allow));
	buf_done(&allow);
	serve_error(app, req, res, 405, "method_not_allowed",
		    "this address does not take that method");
}

/* "send application/json or no body" */
static void
refuse_media(const struct route *routes, struct app *app, const struct request *req,
	     struct response *res)
{
	struct buf words;

	buf_init(&words, 256);
	for (const struct route *r = routes; r->path != NULL; r++) {
		if (!is_path(r, req) || !takes_method(r, req))
			continue;
		buf_addz(&words, words.n == 0 ? "send " : " or ");
		buf_addz(&words, r->body == ROUTE_EMPTY ? "no body" : media[r->body]);
	}
	serve_error(app, req, res, 415, "unsupported_media_type", buf_z(&words));
	buf_done(&words);
}

/* The row for `req`, which may not accept its body. NULL: the request is refused. */
static const struct route *
find(const struct route *routes, struct app *app, const struct request *req,
     struct response *res)
{
	const struct route *first = NULL;
	unsigned methods = 0;

	for (const struct route *r = routes; r->path != NULL; r++) {
		if (!is_path(r, req))
			continue;
		methods |= r->methods;
		if (!takes_method(r, req))
			continue;
		if (takes_body(r, req))
			return r;
		if (first == NULL)
			first = r;
	}
	if (first != NULL)
		return first;
	if (methods != 0)
		refuse_method(app, req, res, methods);
	else
		serve_error(app, req, res, 404, "not_found", "there is nothing here");
	return NULL;
}

/* ---- its checks ---- */

/* NULL, or what is wrong with a field. */
static const char *
check_fields(const struct route *r, const struct form *form)
{
	struct str value;

	for (size_t i = 0; i < ROUTE_FIELDS_MAX && r->fields[i].name != NULL; i++) {
		if (form_find(form, r->fields[i].name, &value) == FORM_TWICE)
			return "a field occurs twice";
		if (r->fields[i].max > 0 && value.n > r->fields[i].max)
			return "a field is too long";
	}
	return NULL;
}

static const char *
read_json(struct str body, struct visit *visit)
{
	if (json_parse(body, &json_usual, &visit->json, NULL) != ERR_OK)
		return "the body is not valid JSON";
	return json_holds_object(visit->json) ? NULL : "the body must be a JSON object";
}

static bool
reads_form(const struct route *r)
{
	return r->body == ROUTE_FORM ||
	       (r->body == ROUTE_ANY && r->fields[0].name != NULL);
}

static const char *
read_form(const struct route *r, struct str text, struct form *form)
{
	if (form_parse(form, text) != ERR_OK)
		return r->body == ROUTE_FORM ? "the form is malformed"
					     : "the query is malformed";
	return check_fields(r, form);
}

/* NULL, or what is wrong with the client's data. */
static const char *
read_input(const struct route *r, const struct request *req, struct visit *visit,
	   struct form *form)
{
	struct str body = buf_str(&req->body);

	if (form != NULL)
		return read_form(r, r->body == ROUTE_FORM ? body : req->query, form);
	return r->body == ROUTE_JSON ? read_json(body, visit) : NULL;
}

/* Everything that the row demands is true, and the handler may run. */
static bool
admit(const struct route *routes, const struct route *r, struct app *app,
      const struct request *req, struct response *res, struct visit *visit,
      struct form *form)
{
	const char *wrong;

	if (r->who == NULL) {
		serve_error(app, req, res, 403, "forbidden", "nobody may ask for this");
		return false;
	}
	if (!r->who(app, req, res, visit))
		return false;
	if (!takes_body(r, req)) {
		refuse_media(routes, app, req, res);
		return false;
	}
	if ((wrong = read_input(r, req, visit, form)) != NULL) {
		serve_error(app, req, res, 400, "invalid_request", wrong);
		return false;
	}
	if (r->token != NULL && !r->token(app, req, res, visit))
		return false;
	return r->fresh == NULL || r->fresh(app, req, res, visit);
}

static void
answer(const struct route *routes, const struct route *r, struct app *app,
       const struct request *req, struct response *res, struct form *form)
{
	static const struct form none;
	struct visit visit = { .form = form != NULL ? form : &none };

	identity_init(&visit.who);
	res->policy = r->policy;
	if (admit(routes, r, app, req, res, &visit, form))
		r->handle(app, req, res, &visit);
	free(visit.found);
	json_free(visit.json);
	identity_done(&visit.who);
}

/* A form has room for many fields, which most rows do not need. */
static void
answer_form(const struct route *routes, const struct route *r, struct app *app,
	    const struct request *req, struct response *res)
{
	struct form form = { .n = 0 };

	answer(routes, r, app, req, res, &form);
	form_done(&form);
}

void
route_answer(const struct route *routes, struct app *app, const struct request *req,
	     struct response *res)
{
	const struct route *r = find(routes, app, req, res);

	if (r != NULL && reads_form(r))
		answer_form(routes, r, app, req, res);
	else if (r != NULL)
		answer(routes, r, app, req, res, NULL);
}
