#include "oauth/token/person_claims.h"

#include "client/client_scope.h"
#include "json/json.h"

#define TEXT_MAX 8192

/* Begin a value. The character before it is one after which no comma is needed. */
static size_t
begin(struct person_claims *p)
{
	buf_addc(&p->text, ':');
	return p->text.n;
}

static void
end(struct person_claims *p, const char *name, size_t start)
{
	p->list[p->n++] =
		(struct claims_member){ str_of(name), str_sub(buf_str(&p->text), start,
							      p->text.n - start) };
}

static void
put_text(struct person_claims *p, const char *name, struct str value)
{
	size_t start;

	if (value.n == 0)
		return;
	start = begin(p);
	json_put_str(&p->text, value);
	end(p, name, start);
}

static void
put_email(struct person_claims *p, const struct oauth_grant *g)
{
	size_t start;

	if (g->address.n == 0)
		return;
	put_text(p, "email", g->address);
	start = begin(p);
	json_put_bool(&p->text, g->address_verified);
	end(p, "email_verified", start);
}

/* Nobody in a group is told as such. */
static void
put_groups(struct person_claims *p, struct str words)
{
	size_t start = begin(p);

	json_put_open(&p->text, '[');
	while (words.n > 0)
		json_put_str(&p->text, str_cut(&words, ' '));
	json_put_close(&p->text, ']');
	end(p, "groups", start);
}

enum err
person_claims_make(const struct oauth_grant *g, unsigned scopes, struct person_claims *p)
{
	p->n = 0;
	buf_init(&p->text, TEXT_MAX);
	/* all the room at once, so that the values never move */
	if (!buf_reserve(&p->text, TEXT_MAX))
		return ERR_MEMORY;
	if ((scopes & CLIENT_SCOPE_PROFILE) != 0) {
		put_text(p, "name", g->display_name.n > 0 ? g->display_name : g->name);
		put_text(p, "preferred_username", g->name);
		put_text(p, "locale", g->language);
	}
	if ((scopes & CLIENT_SCOPE_EMAIL) != 0)
		put_email(p, g);
	if ((scopes & CLIENT_SCOPE_GROUPS) != 0)
		put_groups(p, g->groups);
	return p->text.failed ? ERR_LIMIT : ERR_OK;
}

void
person_claims_done(struct person_claims *p)
{
	buf_done(&p->text);
	p->n = 0;
}
