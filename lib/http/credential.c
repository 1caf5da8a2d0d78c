#include "http/credential.h"

#include "http/media.h"

#define TOKEN_FIELD "access_token" /* RFC 6750, 2.2 and 2.3 */

static bool
is_b64token_byte(char c)
{
	static const bool allowed[256] = {
		['A' ... 'Z'] = true, ['a' ... 'z'] = true, ['0' ... '9'] = true,
		['-'] = true,         ['.'] = true,         ['_'] = true,
		['~'] = true,         ['+'] = true,         ['/'] = true,
	};

	return allowed[(unsigned char)c];
}

bool
credential_is_b64token(struct str s)
{
	bool good = true;

	while (s.n > 0 && s.p[s.n - 1] == '=')
		s.n--;
	for (size_t i = 0; i < s.n; i++)
		good &= is_b64token_byte(s.p[i]);
	return good && s.n > 0;
}

bool
credential_is_ambient(enum credential_source source)
{
	return source == SOURCE_COOKIE;
}

/* Record one more place with a token. A second one makes the request malformed. */
static void
take(struct credential *c, enum credential_found *found, enum credential_source source,
     struct str token)
{
	if (*found != CREDENTIAL_NONE || !credential_is_b64token(token)) {
		*found = CREDENTIAL_BAD;
		return;
	}
	*found = CREDENTIAL_ONE;
	c->source = source;
	c->token = token;
}

/* If `s` begins with the name of the scheme, remove that and 1*SP. */
static bool
cut_bearer(struct str *s)
{
	size_t n = 6;

	if (!str_eq_nocase(str_sub(*s, 0, n), STR("Bearer")) ||
	    (s->n > n && s->p[n] != ' ' && s->p[n] != '\t'))
		return false;
	while (n < s->n && s->p[n] == ' ')
		n++;
	*s = str_sub(*s, n, s->n);
	return true;
}

/* A header of another scheme, with a Bearer header merged into it after a comma. */
static bool
hides_bearer(struct str s)
{
	while (s.n > 0) {
		struct str piece = str_trim(str_cut(&s, ','));

		if (cut_bearer(&piece))
			return true;
	}
	return false;
}

/*
 * Some hosts pass Authorization on only through a RewriteRule with [E=…], and Apache
 * renames that variable at an internal redirect. A client cannot set either of them.
 */
static void
from_authorization(struct credential *c, enum credential_found *found,
		   const struct request *r)
{
	struct str value = request_env(r, "HTTP_AUTHORIZATION");

	if (value.n == 0)
		value = request_env(r, "REDIRECT_HTTP_AUTHORIZATION");
	value = str_trim(value);
	if (cut_bearer(&value))
		take(c, found, SOURCE_AUTHORIZATION, value);
	else if (hides_bearer(value))
		*found = CREDENTIAL_BAD;
}

/* The value is the token, with or without the word Bearer before it. */
static void
from_header(struct credential *c, enum credential_found *found, const struct request *r,
	    const char *name)
{
	struct str value = request_env(r, name);

	if (request_count(r, name) > 1) {
		*found = CREDENTIAL_BAD;
		return;
	}
	value = str_trim(value);
	if (cut_bearer(&value) || value.n > 0)
		take(c, found, SOURCE_HEADER, value);
}

static void
from_cookie(struct credential *c, enum credential_found *found, const struct request *r,
	    const struct cookie *cookie)
{
	struct str value;

	switch (cookie_find(cookie, request_env(r, "HTTP_COOKIE"), &value)) {
	case COOKIE_ABSENT:
		break;
	case COOKIE_ONE:
		take(c, found, SOURCE_COOKIE, value);
		break;
	default:
		*found = CREDENTIAL_BAD;
	}
}

static void
from_fields(struct credential *c, enum credential_found *found, struct form *form,
	    struct str text, enum credential_source source)
{
	struct str value;

	if (form_parse(form, text) != ERR_OK) {
		*found = CREDENTIAL_BAD;
		return;
	}
	switch (form_find(form, TOKEN_FIELD, &value)) {
	case FORM_ABSENT:
		break;
	case FORM_ONE:
		take(c, found, source, value);
		break;
	default:
		*found = CREDENTIAL_BAD;
	}
}

/*
 * How often the token's field occurs; `field` is the last one. The other fields belong
 * to some application, which may accept what we would call malformed.
 */
static size_t
count_in_query(struct str query, struct str *field)
{
	size_t n = 0;

	while (query.n > 0) {
		struct str piece = str_cut(&query, '&'), rest = piece;
		struct form name;

		if (form_parse(&name, str_cut(&rest, '=')) == ERR_OK && name.n == 1 &&
		    str_is(name.fields[0].name, TOKEN_FIELD)) {
			*field = piece;
			n++;
		}
		form_done(&name);
	}
	return n;
}

bool
credential_in_query(struct str query)
{
	struct str field;

	return count_in_query(query, &field) > 0;
}

static void
from_query(struct credential *c, enum credential_found *found, struct str query)
{
	struct str field = { NULL, 0 };
	size_t n = count_in_query(query, &field);

	if (n > 1)
		*found = CREDENTIAL_BAD;
	else if (n == 1)
		from_fields(c, found, &c->query, field, SOURCE_QUERY);
}

enum credential_found
credential_find(struct credential *c, const struct request *r,
		const struct credential_places *places)
{
	enum credential_found found = CREDENTIAL_NONE;

	*c = (struct credential){ 0 };
	from_authorization(c, &found, r);
	if (places->header != NULL)
		from_header(c, &found, r, places->header);
	if (places->form && !request_is_read(r) &&
	    media_is(r->content_type, "application/x-www-form-urlencoded"))
		from_fields(c, &found, &c->form, buf_str(&r->body), SOURCE_FORM);
	if (places->query)
		from_query(c, &found, r->query);
	if (places->cookie.name != NULL && found == CREDENTIAL_NONE)
		from_cookie(c, &found, r, &places->cookie);
	if (found != CREDENTIAL_ONE)
		c->token = (struct str){ NULL, 0 };
	return found;
}

void
credential_done(struct credential *c)
{
	if (c == NULL)
		return;
	form_done(&c->form);
	form_done(&c->query);
	c->token = (struct str){ NULL, 0 };
}
