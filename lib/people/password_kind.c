#include "people/password_kind.h"

#include <string.h>

#include "foreign/foreign.h"

#define ARGON2_MEMORY_MAX (1024 * 1024) /* KiB: what password_memory may be at most */
#define ARGON2_WORK_MAX (1024 * 1024)   /* KiB times passes: about a second */
#define SHA_ROUNDS_MAX 500000

/* True if all of `s` is in base64's alphabet as crypt(3) or PHC strings use it. */
static bool
is_base64(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		      (c >= '0' && c <= '9') || c == '+' || c == '/' || c == '.'))
			return false;
	}
	return s.n > 0;
}

/* `name=NUMBER`, up to a comma or the end of `rest`. */
static bool
take_number(struct str *rest, struct str name, int64_t max, int64_t *n)
{
	struct str part = str_cut(rest, ',');

	return str_starts_with(part, name) &&
	       str_to_int(str_sub(part, name.n, part.n), 1, max, n);
}

/* v=19$m=…,t=…,p=…$salt$hash */
static bool
is_argon2(struct str rest, struct password_cost *cost)
{
	int64_t memory, passes, lanes;
	struct str parameters, salt;

	if (!str_eq(str_cut(&rest, '$'), STR("v=19")))
		return false;
	parameters = str_cut(&rest, '$');
	salt = str_cut(&rest, '$');
	if (!take_number(&parameters, STR("m="), ARGON2_MEMORY_MAX, &memory) ||
	    !take_number(&parameters, STR("t="), INT32_MAX, &passes) ||
	    !take_number(&parameters, STR("p="), 16, &lanes) || parameters.n > 0)
		return false;
	*cost = (struct password_cost){ (size_t)memory * 1024, (unsigned)passes };
	return is_base64(salt) && is_base64(rest);
}

/* [rounds=N$]salt$hash */
static bool
is_sha(struct str rest, size_t length)
{
	int64_t rounds;
	struct str salt = str_cut(&rest, '$');

	if (str_starts_with(salt, STR("rounds="))) {
		if (!str_to_int(str_sub(salt, 7, salt.n), 1000, SHA_ROUNDS_MAX, &rounds))
			return false;
		salt = str_cut(&rest, '$');
	}
	return salt.n <= 16 && (salt.n == 0 || is_base64(salt)) && rest.n == length &&
	       is_base64(rest);
}

/*
 * jNT$salt$hash: N from 7 (1 MiB) to C (128 MiB), T the block size, as
 * crypt_gensalt(3) writes its costs 1 to 8.
 */
static bool
is_yescrypt(struct str rest, struct password_cost *cost)
{
	static const char sizes[] = "789ABC";
	struct str parameters = str_cut(&rest, '$'), salt = str_cut(&rest, '$');
	const char *n;

	if (parameters.n != 3 || parameters.p[0] != 'j' || parameters.p[1] == '\0' ||
	    (n = strchr(sizes, parameters.p[1])) == NULL ||
	    (parameters.p[2] != '5' && parameters.p[2] != 'T'))
		return false;
	cost->memory = (size_t)(parameters.p[2] == '5' ? 1 : 4) * 1024 * 1024
		       << (n - sizes);
	return is_base64(salt) && rest.n == 43 && is_base64(rest);
}

/* A cost that the settings demand of new hashes is always allowed. */
static bool
is_too_costly(const struct password_cost *its, const struct password_cost *own)
{
	double work = (double)its->memory / 1024 * its->passes;
	double wanted = (double)own->memory / 1024 * own->passes;

	return its->memory > password_memory_most(own->memory) ||
	       (work > ARGON2_WORK_MAX && work > wanted);
}

enum password_kind
password_kind(struct str hash, const struct password_cost *own,
	      struct password_cost *cost)
{
	struct str rest = hash, name;

	*cost = (struct password_cost){ 0 };
	if (hash.n == 0 || hash.n >= PASSWORD_HASH_SIZE)
		return PASSWORD_KIND_NONE;
	if (foreign_find(hash, &cost->memory) != NULL)
		return is_too_costly(cost, own) ? PASSWORD_KIND_NONE
						: PASSWORD_KIND_FOREIGN;
	if (hash.p[0] != '$')
		return PASSWORD_KIND_NONE;
	str_cut(&rest, '$');
	name = str_cut(&rest, '$');
	if (str_is(name, "argon2id") && is_argon2(rest, cost) &&
	    !is_too_costly(cost, own))
		return PASSWORD_KIND_ARGON2ID;
	if (str_is(name, "argon2i") && is_argon2(rest, cost) && !is_too_costly(cost, own))
		return PASSWORD_KIND_ARGON2I;
	if (foreign_is_bcrypt(hash))
		return PASSWORD_KIND_BCRYPT;
	if ((str_is(name, "y") && is_yescrypt(rest, cost)) ||
	    (str_is(name, "6") && is_sha(rest, 86)) ||
	    (str_is(name, "5") && is_sha(rest, 43)))
		return PASSWORD_KIND_CRYPT;
	return PASSWORD_KIND_NONE;
}
