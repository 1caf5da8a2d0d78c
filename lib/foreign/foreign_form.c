/* What the forms of the kinds have in common. */
#include "foreign/foreign_parts.h"

#define BCRYPT_COST_MAX 14

bool
foreign_is_itoa64(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (!((c >= '.' && c <= '9') || (c >= 'A' && c <= 'Z') ||
		      (c >= 'a' && c <= 'z')))
			return false;
	}
	return s.n > 0;
}

bool
foreign_is_bcrypt(struct str hash)
{
	int cost;

	if (hash.n != 60 ||
	    (!str_starts_with(hash, STR("$2a$")) && !str_starts_with(hash, STR("$2b$")) &&
	     !str_starts_with(hash, STR("$2y$"))))
		return false;
	hash = str_sub(hash, 4, hash.n);
	if (hash.p[0] < '0' || hash.p[0] > '9' || hash.p[1] < '0' || hash.p[1] > '9' ||
	    hash.p[2] != '$')
		return false;
	cost = (hash.p[0] - '0') * 10 + (hash.p[1] - '0');
	return cost >= 4 && cost <= BCRYPT_COST_MAX &&
	       foreign_is_itoa64(str_sub(hash, 3, 53));
}
