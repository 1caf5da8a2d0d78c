#include "http/request.h"

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

/* The name of a NAME=VALUE; all of it where there is no "=". */
static struct str
variable_name(const char *variable)
{
	return (struct str){ variable, strcspn(variable, "=") };
}

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

/* Without a look at the value, which may be long. */
static bool
has_name(const char *variable, struct str name)
{
	return strncmp(variable, name.p, name.n) == 0 && variable[name.n] == '=';
}

static bool
occurs_again(char *const *later, struct str name)
{
	for (; *later != NULL; later++)
		if (has_name(*later, name))
			return true;
	return false;
}

static enum err
check(char *const *variables)
{
	for (size_t i = 0; variables[i] != NULL; i++) {
		struct str name = variable_name(variables[i]);

		if (i == REQUEST_VARIABLES_MAX)
			return ERR_LIMIT;
		if (is_consumed(name) && occurs_again(&variables[i + 1], name))
			return ERR_SYNTAX;
	}
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
	for (; r->variables[*i] != NULL; (*i)++) {
		const char *variable = r->variables[*i];

		if (!has_name(variable, name))
			continue;
		*value = str_of(variable + name.n + 1);
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
	r->role = find_role(r);
	if ((e = check(variables)) != ERR_OK)
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
