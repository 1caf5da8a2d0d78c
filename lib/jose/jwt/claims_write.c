#include "jose/jwt/claims.h"
#include "json/json.h"

static void
put_text(struct buf *out, const char *name, struct str value)
{
	if (value.n > 0)
		json_put_member(out, name, value);
}

static void
put_time(struct buf *out, const char *name, bool has, int64_t value)
{
	if (has)
		json_put_member_int(out, name, value);
}

static void
put_list(struct buf *out, const char *name, const struct str *list, size_t n)
{
	json_put_name(out, name);
	json_put_open(out, '[');
	for (size_t i = 0; i < n; i++)
		json_put_str(out, list[i]);
	json_put_close(out, ']');
}

void
claims_write(const struct claims *c, struct buf *out)
{
	json_put_open(out, '{');
	put_text(out, "iss", c->iss);
	put_text(out, "sub", c->sub);
	if (c->n_aud == 1)
		put_text(out, "aud", c->aud[0]);
	else if (c->n_aud > 1)
		put_list(out, "aud", c->aud, c->n_aud);
	put_time(out, "exp", c->has_exp, c->exp);
	put_time(out, "iat", c->has_iat, c->iat);
	put_time(out, "nbf", c->has_nbf, c->nbf);
	put_text(out, "jti", c->jti);
	put_text(out, "client_id", c->client_id);
	put_text(out, "sid", c->sid);
	put_text(out, "preferred_username", c->preferred_username);
	if (c->n_roles > 0)
		put_list(out, "roles", c->roles, c->n_roles);
	put_time(out, "auth_time", c->has_auth_time, c->auth_time);
	put_text(out, "acr", c->acr);
	if (c->n_amr > 0)
		put_list(out, "amr", c->amr, c->n_amr);
	put_text(out, "scope", c->scope);
	for (size_t i = 0; i < c->n_more; i++) {
		json_put_text_name(out, c->more[i].name);
		json_put_raw(out, c->more[i].json);
	}
	json_put_close(out, '}');
}
