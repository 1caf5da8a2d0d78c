#include "token/identity.h"

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
