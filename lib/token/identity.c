#include "token/identity.h"

#include "revocation/revocations.h"

void
identity_init(struct identity *who)
{
	static const struct claims none;

	*who = (struct identity){ .claims = &none };
}

void
identity_done(struct identity *who)
{
	if (who != NULL)
		identity_init(who);
}

bool
identity_has_role(const struct identity *who, struct str role)
{
	for (size_t i = 0; i < who->n_roles; i++)
		if (str_eq(who->roles[i], role))
			return true;
	return false;
}

bool
identity_has_scope(const struct identity *who, struct str scope)
{
	struct str rest = who->scope;

	while (rest.n > 0)
		if (str_eq(str_cut(&rest, ' '), scope))
			return scope.n > 0;
	return false;
}

bool
identity_is_signed_in(const struct identity *who)
{
	switch (who->kind) {
	case IDENTITY_LOGIN:
	case IDENTITY_PROGRAM:
		return true;
	case IDENTITY_FOREIGN:
		return who->n_roles > 0;
	default:
		return false;
	}
}

bool
identity_has_proved(const struct identity *who, enum acr acr)
{
	return who->kind == IDENTITY_LOGIN && acr_find(who->acr) >= acr;
}

enum identity_kind
identity_kind_of(const struct claims *c)
{
	if (!revocations_is_sid(c->sid))
		return IDENTITY_CLIENT;
	if (str_is(c->client_id, IDENTITY_LOGIN_ID))
		return IDENTITY_LOGIN;
	if (str_is(c->client_id, IDENTITY_PROGRAM_ID))
		return IDENTITY_PROGRAM;
	return IDENTITY_CLIENT;
}

const char *
identity_kind_text(enum identity_kind kind)
{
	static const char *const text[] = {
		[IDENTITY_CLIENT] = "client",
		[IDENTITY_FOREIGN] = "foreign",
		[IDENTITY_PROGRAM] = "program",
		[IDENTITY_LOGIN] = "login",
	};

	return text[kind];
}
