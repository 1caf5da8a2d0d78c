#include "foreign/foreign.h"

#include "foreign/foreign_parts.h"

const struct foreign_kind *
foreign_find(struct str hash, size_t *memory)
{
	static const struct foreign_kind *const kinds[] = {
		&foreign_phpass, &foreign_wordpress,     &foreign_pbkdf2,
		&foreign_scrypt, &foreign_bcrypt_sha256, &foreign_apr1,
		&foreign_ldap,
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		*memory = 0;
		if (kinds[i]->is(hash, memory))
			return kinds[i];
	}
	*memory = 0;
	return NULL;
}
