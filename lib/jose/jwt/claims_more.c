/* The members of a claims set that are not fixed. */
#include "jose/jwt/claims.h"

#include "jose/jwt/claims_parts.h"

static bool
is_fixed(struct str name)
{
	static const char *const fixed[] = {
		"iss",   "sub",       "aud",       "exp", "iat",
		"nbf",   "jti",       "client_id", "sid", "preferred_username",
		"roles", "auth_time", "acr",       "amr", "scope",
	};

	for (size_t i = 0; i < sizeof(fixed) / sizeof(*fixed); i++)
		if (str_is(name, fixed[i]))
			return true;
	return false;
}

bool
claims_find(const struct claims *c, struct str name, struct str *json)
{
	for (size_t i = 0; i < c->n_more; i++)
		if (str_eq(c->more[i].name, name)) {
			*json = c->more[i].json;
			return true;
		}
	return false;
}

/* ---- reading ---- */

struct taking {
	struct claims *claims;
	enum err e;
};

/* Copy one member. The buffer has all its room from the start, so nothing moves. */
static bool
take_member(void *context, struct str name, const struct json_t *value)
{
	struct taking *t = context;
	struct claims *c = t->claims;
	struct buf *text = &c->more_text;
	struct claims_member m;
	size_t start;

	if (is_fixed(name))
		return true;
	t->e = ERR_LIMIT;
	if (c->n_more == CLAIMS_MORE || name.n > CLAIMS_NAME_MAX)
		return false;
	m.name = buf_keep(text, name);
	buf_addc(text, ':'); /* the characters after which a value needs no comma */
	start = text->n;
	json_put_value(text, value);
	if (text->failed)
		return false;
	m.json = str_sub(buf_str(text), start, text->n);
	c->more[c->n_more++] = m;
	t->e = ERR_OK;
	return true;
}

enum err
claims_take_more(struct claims *c)
{
	struct taking taking = { c, ERR_OK };
	struct json_t *root = NULL;

	c->n_more = 0;
	buf_clear(&c->more_text);
	if (!buf_reserve(&c->more_text, CLAIMS_MORE_BYTES))
		return ERR_MEMORY;
	if (json_parse(buf_str(&c->payload), &claims_limits, &root, NULL) != ERR_OK ||
	    !json_holds_object(root))
		taking.e = ERR_SYNTAX;
	else
		json_each(root, take_member, &taking);
	json_free(root);
	if (taking.e != ERR_OK) {
		c->n_more = 0;
		buf_clear(&c->more_text);
	}
	return taking.e;
}

/* ---- writing ---- */

/* One JSON value, and nothing after it. */
static bool
is_value(struct str json)
{
	struct json_t *root = NULL;
	struct buf list;
	bool good;

	buf_init(&list, CLAIMS_MORE_BYTES + 2);
	buf_addc(&list, '[');
	buf_add(&list, json);
	buf_addc(&list, ']');
	good = !list.failed &&
	       json_parse(buf_str(&list), &claims_limits, &root, NULL) == ERR_OK &&
	       json_count(root) == 1;
	json_free(root);
	buf_done(&list);
	return good;
}

enum err
claims_add(struct claims *c, struct str name, struct str json)
{
	size_t bytes = 0;
	struct str unused;

	if (is_fixed(name) || claims_find(c, name, &unused))
		return ERR_EXISTS;
	for (size_t i = 0; i < c->n_more; i++)
		bytes += c->more[i].name.n + c->more[i].json.n + 1;
	if (c->n_more == CLAIMS_MORE || name.n > CLAIMS_NAME_MAX ||
	    json.n > CLAIMS_MORE_BYTES || bytes + name.n + json.n + 1 > CLAIMS_MORE_BYTES)
		return ERR_LIMIT;
	if (name.n == 0 || !str_is_utf8(name) || str_has_control(name) || !is_value(json))
		return ERR_SYNTAX;
	c->more[c->n_more++] = (struct claims_member){ name, json };
	return ERR_OK;
}
