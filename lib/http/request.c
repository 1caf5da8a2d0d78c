#include "http/request.h"

#include <limits.h>
#include <string.h>

/*
 * The client's headers that anything here asks for (make lint compares). Of the
 * variables that the server itself sets, every name counts as consumed.
 */
static const char *const consumed_headers[] = {
	"HTTP_ACCEPT",
	"HTTP_ACCEPT_LANGUAGE",
	"HTTP_ACCESS_CONTROL_REQUEST_METHOD",
	"HTTP_AUTHORIZATION",
	"HTTP_COOKIE",
	"HTTP_HOST",
	"HTTP_IF_MATCH",
	"HTTP_IF_MODIFIED_SINCE",
	"HTTP_IF_NONE_MATCH",
	"HTTP_IF_RANGE",
	"HTTP_IF_UNMODIFIED_SINCE",
	"HTTP_ORIGIN",
	"HTTP_RANGE",
	"HTTP_REFERER",
	"HTTP_SEC_FETCH_DEST",
	"HTTP_SEC_FETCH_MODE",
	"HTTP_SEC_FETCH_SITE",
	"HTTP_SEC_PURPOSE",
	"HTTP_SEC_WEBSOCKET_KEY",
	"HTTP_SEC_WEBSOCKET_VERSION",
	"HTTP_UPGRADE",
	"HTTP_USER_AGENT",
	"HTTP_X_FORWARDED_FOR",
	"HTTP_X_REQUESTED_WITH",
	NULL,
};

static bool
is_consumed(struct str name)
{
	if (!str_starts_with(name, STR("HTTP_")))
		return true;
	for (size_t i = 0; consumed_headers[i] != NULL; i++)
		if (str_is(name, consumed_headers[i]))
			return true;
	return false;
}

static struct str
name_of(const struct request *r, size_t i)
{
	return (struct str){ r->variables[i], r->name_length[i] };
}

/* Measure the names once: a request is asked for its variables again and again. */
static enum err
measure(struct request *r)
{
	for (size_t i = 0; r->variables[i] != NULL; i++) {
		size_t n = strcspn(r->variables[i], "=");

		if (i == REQUEST_VARIABLES_MAX || n > USHRT_MAX)
			return ERR_LIMIT;
		r->name_length[i] = r->variables[i][n] == '=' ? (unsigned short)n : 0;
		r->n_variables = i + 1;
	}
	return ERR_OK;
}

static bool
occurs_again(const struct request *r, size_t i)
{
	for (size_t j = i + 1; j < r->n_variables; j++)
		if (r->name_length[i] == r->name_length[j] &&
		    str_eq(name_of(r, i), name_of(r, j)))
			return true;
	return false;
}

static enum err
check(const struct request *r)
{
	for (size_t i = 0; i < r->n_variables; i++)
		if (r->name_length[i] > 0 && occurs_again(r, i) &&
		    is_consumed(name_of(r, i)))
			return ERR_SYNTAX;
	return ERR_OK;
}

static bool
is_on(struct str s)
{
	return str_eq_nocase(s, STR("on")) || str_is(s, "1");
}

/* The next value of `name` from `*i` on; false when there is none left. */
static bool
next_value(const struct request *r, struct str name, size_t *i, struct str *value)
{
	for (; *i < r->n_variables; (*i)++) {
		if (r->name_length[*i] != name.n || !str_eq(name_of(r, *i), name))
			continue;
		*value = str_of(r->variables[*i] + name.n + 1);
		(*i)++;
		return true;
	}
	return false;
}

/* Known even of a request that is refused: how to refuse depends on it. */
static enum request_role
find_role(const struct request *r)
{
	struct str value;

	for (size_t i = 0; next_value(r, STR("FCGI_ROLE"), &i, &value);)
		if (str_is(value, "AUTHORIZER"))
			return ROLE_AUTHORIZER;
	return ROLE_RESPONDER;
}

enum err
request_init(struct request *r, char *const *variables)
{
	enum err e;

	*r = (struct request){ .variables = variables };
	buf_init(&r->body, REQUEST_BODY_MAX);
	e = measure(r);
	r->role = find_role(r);
	if (e != ERR_OK || (e = check(r)) != ERR_OK)
		return e;
	r->method = request_env(r, "REQUEST_METHOD");
	r->uri = request_env(r, "REQUEST_URI");
	r->script = request_env(r, "SCRIPT_NAME");
	r->path = request_env(r, "PATH_INFO");
	r->query = request_env(r, "QUERY_STRING");
	r->content_type = request_env(r, "CONTENT_TYPE");
	r->remote_address = request_env(r, "REMOTE_ADDR");
	r->https = is_on(request_env(r, "HTTPS"));
	return r->method.n == 0 ? ERR_SYNTAX : ERR_OK;
}

void
request_done(struct request *r)
{
	if (r != NULL)
		buf_done(&r->body);
}

struct str
request_env(const struct request *r, const char *name)
{
	struct str value = { NULL, 0 }, other;
	size_t i = 0;

	if (!next_value(r, str_of(name), &i, &value))
		return (struct str){ NULL, 0 };
	if (next_value(r, str_of(name), &i, &other))
		return (struct str){ NULL, 0 };
	return value;
}

size_t
request_count(const struct request *r, const char *name)
{
	struct str value;
	size_t i = 0, n = 0;

	while (next_value(r, str_of(name), &i, &value))
		n++;
	return n;
}

bool
request_is(const struct request *r, const char *method)
{
	return str_is(r->method, method);
}

bool
request_is_read(const struct request *r)
{
	return request_is(r, "GET") || request_is(r, "HEAD");
}

bool
request_is_safe(const struct request *r)
{
	return request_is_read(r) || request_is(r, "OPTIONS") || request_is(r, "TRACE");
}

struct str
request_target_path(const struct request *r)
{
	struct str rest = r->uri;

	return str_cut(&rest, '?');
}
