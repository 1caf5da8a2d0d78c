#include "jose/jwt/claims.h"

#include "jose/jwt/claims_parts.h"
#include "jose/jwt/jwt.h"

const struct json_limits claims_limits = { .bytes = JWT_MAX, .depth = 8, .values = 512 };

void
claims_init(struct claims *c)
{
	*c = (struct claims){ 0 };
	buf_init(&c->payload, JWT_MAX);
	buf_init(&c->text, JWT_MAX);
	buf_init(&c->more_text, CLAIMS_MORE_BYTES);
}

void
claims_clear(struct claims *c)
{
	json_free(c->json);
	buf_clear(&c->payload);
	buf_clear(&c->text);
	buf_clear(&c->more_text);
	*c = (struct claims){ .payload = c->payload,
			      .text = c->text,
			      .more_text = c->more_text };
}

void
claims_done(struct claims *c)
{
	if (c == NULL)
		return;
	json_free(c->json);
	buf_done(&c->payload);
	buf_done(&c->text);
	buf_done(&c->more_text);
	claims_init(c);
}

static bool
take_strings(struct claims *c)
{
	const struct {
		const char *name;
		struct str *value;
	} table[] = {
		{ "iss", &c->iss }, { "sub", &c->sub },
		{ "jti", &c->jti }, { "client_id", &c->client_id },
		{ "sid", &c->sid }, { "preferred_username", &c->preferred_username },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		if (json_get_str(c->json, table[i].name, table[i].value) == JSON_WRONG)
			return false;
	return true;
}

static bool
take_time(const struct claims *c, const char *name, int64_t *floor_value,
	  int64_t *ceil_value, bool *has)
{
	enum json_found f = json_get_number(c->json, name, floor_value, ceil_value);

	*has = f == JSON_FOUND;
	return f != JSON_WRONG;
}

static bool
take_times(struct claims *c)
{
	int64_t unused;

	return take_time(c, "exp", &c->exp, &unused, &c->has_exp) &&
	       take_time(c, "iat", &unused, &c->iat, &c->has_iat) &&
	       take_time(c, "nbf", &unused, &c->nbf, &c->has_nbf) &&
	       take_time(c, "auth_time", &unused, &c->auth_time, &c->has_auth_time);
}

/* RFC 7519, 4.1.3: a string, or an array of them. */
static bool
take_audience(struct claims *c)
{
	enum json_found f = json_get_str(c->json, "aud", &c->aud[0]);

	if (f == JSON_FOUND)
		c->n_aud = 1;
	if (f == JSON_WRONG)
		f = json_get_strs(c->json, "aud", c->aud, CLAIMS_AUDIENCES, &c->n_aud);
	return f != JSON_WRONG;
}

bool
claims_parse(struct claims *c)
{
	json_free(c->json);
	c->json = NULL;
	if (json_parse(buf_str(&c->payload), &claims_limits, &c->json, NULL) != ERR_OK)
		return false;
	return json_holds_object(c->json) && take_strings(c) && take_audience(c) &&
	       take_times(c);
}

bool
claims_take_ours(struct claims *c)
{
	return json_get_strs(c->json, "roles", c->roles, CLAIMS_ROLES, &c->n_roles) !=
		       JSON_WRONG &&
	       json_get_strs(c->json, "amr", c->amr, CLAIMS_AMR, &c->n_amr) !=
		       JSON_WRONG &&
	       json_get_str(c->json, "scope", &c->scope) != JSON_WRONG &&
	       json_get_str(c->json, "acr", &c->acr) != JSON_WRONG;
}

static void
keep_all(struct buf *text, struct str *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		list[i] = buf_keep(text, list[i]);
}

bool
claims_settle(struct claims *c)
{
	struct str *single[] = { &c->iss,       &c->sub, &c->jti,
				 &c->client_id, &c->sid, &c->preferred_username,
				 &c->scope,     &c->acr };

	/* no string is longer than in the payload, so all have room and none moves */
	if (c->json == NULL || !buf_reserve(&c->text, c->payload.n))
		return c->json == NULL;
	for (size_t i = 0; i < sizeof(single) / sizeof(*single); i++)
		keep_all(&c->text, single[i], 1);
	keep_all(&c->text, c->aud, c->n_aud);
	keep_all(&c->text, c->roles, c->n_roles);
	keep_all(&c->text, c->amr, c->n_amr);
	json_free(c->json);
	c->json = NULL;
	return true;
}

static bool
is_among(const struct str *list, size_t n, struct str s)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(list[i], s))
			return true;
	return false;
}

bool
claims_has_audience(const struct claims *c, struct str audience)
{
	return is_among(c->aud, c->n_aud, audience);
}

bool
claims_has_role(const struct claims *c, struct str role)
{
	return is_among(c->roles, c->n_roles, role);
}
