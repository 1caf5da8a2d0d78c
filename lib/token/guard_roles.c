#include "token/guard_roles.h"

#include "json/json.h"

#define CLAIM_NAME_MAX 256

/* The member `name` of `object`, when it is an array or a text. */
static bool
find_member(const struct json_t *object, struct str name, const struct json_t **array,
	    struct str *text)
{
	struct buf z;
	bool found;

	buf_init(&z, CLAIM_NAME_MAX);
	found = buf_add(&z, name) &&
		(json_get_array(object, buf_z(&z), array) == JSON_FOUND ||
		 json_get_str(object, buf_z(&z), text) == JSON_FOUND);
	buf_done(&z);
	return found;
}

/*
 * The claim of that name, or, if the name contains dots, the claim at that path
 * through objects.
 */
static bool
find_claim(const struct json_t *root, struct str path, const struct json_t **array,
	   struct str *text)
{
	if (find_member(root, path, array, text))
		return true;
	while (str_index(path, '.') < path.n) {
		const struct json_t *inner = NULL;
		struct buf z;

		buf_init(&z, CLAIM_NAME_MAX);
		if (buf_add(&z, str_cut(&path, '.')))
			json_get_object(root, buf_z(&z), &inner);
		buf_done(&z);
		if (inner == NULL)
			return false;
		root = inner;
	}
	return find_member(root, path, array, text);
}

/* "theirs:ours". Theirs may itself contain colons. */
static struct str
map_role(const char *entry, struct str theirs)
{
	struct str s = str_of(entry);
	size_t colon = s.n;

	while (colon > 0 && s.p[colon - 1] != ':')
		colon--;
	if (colon == 0 || !str_eq(str_sub(s, 0, colon - 1), theirs))
		return (struct str){ NULL, 0 };
	return str_sub(s, colon, s.n);
}

static void
add_mapped(const struct guard_issuer *issuer, struct verified *verified,
	   struct str theirs)
{
	struct identity *who = &verified->who;

	for (size_t i = 0; i < issuer->n_role_map; i++) {
		struct str ours = map_role(issuer->role_map[i], theirs);

		if (ours.n > 0 && who->n_roles < CLAIMS_ROLES &&
		    !identity_has_role(who, ours))
			verified->roles[who->n_roles++] = ours;
	}
}

static void
roles_of_others(const struct guard_issuer *issuer, struct verified *verified)
{
	const struct json_t *array = NULL;
	struct str words = { NULL, 0 }, theirs;

	if (issuer->roles_claim == NULL ||
	    !find_claim(verified->claims.json, str_of(issuer->roles_claim), &array,
			&words))
		return;
	for (size_t i = 0; i < json_count(array); i++)
		if (json_text(json_item(array, i), &theirs))
			add_mapped(issuer, verified, theirs);
	while (words.n > 0)
		if ((theirs = str_cut(&words, ' ')).n > 0)
			add_mapped(issuer, verified, theirs);
}

void
guard_roles(const struct guard_issuer *issuer, struct verified *verified)
{
	struct identity *who = &verified->who;

	if (issuer->name == NULL) {
		who->roles = verified->claims.roles;
		who->n_roles = verified->claims.n_roles;
	} else {
		who->roles = verified->roles;
		who->n_roles = 0;
		roles_of_others(issuer, verified);
	}
}
