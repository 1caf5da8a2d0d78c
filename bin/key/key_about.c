/* Descriptions of a key, and the places of keys. */
#include <grp.h>
#include <string.h>

#include "bin/key/key.h"
#include "json/json.h"

const char *
key_path(const struct config *c, const char *name)
{
	struct why why;

	if (config_need(c, name, &why) != ERR_OK) {
		command_fail("%s", why.text);
		return NULL;
	}
	return strcmp(name, "signing_keys") == 0      ? c->signing_keys
	       : strcmp(name, "decryption_keys") == 0 ? c->decryption_keys
						      : c->verifying_keys;
}

bool
key_find_group(const char *name, gid_t *group)
{
	const struct group *g = getgrnam(name);

	if (g != NULL)
		*group = g->gr_gid;
	return g != NULL;
}

bool
key_set_group(struct key_dir *dir, const char *name)
{
	gid_t group;

	if (name == NULL)
		return true;
	if (!key_find_group(name, &group))
		return false;
	key_dir_set_group(dir, group);
	return true;
}

const char *
key_state_text(const struct keyset *set, const struct jwk *key, int64_t now)
{
	bool signs = key->alg->use == ALG_SIGN;

	switch (keyset_state(set, key, now)) {
	case KEY_WAITING:
		return "waiting";
	case KEY_SIGNING:
		return !signs                          ? "encrypting"
		       : (key->ops & JWK_OP_SIGN) != 0 ? "signing"
						       : "verifying";
	case KEY_VERIFYING:
		return signs ? "verifying" : "decrypting";
	case KEY_OVER:
		break;
	}
	return "over";
}

struct jwk *
key_find(const struct keyset *set, const char *word)
{
	struct jwk *found = NULL;
	size_t n = strlen(word);

	for (size_t i = 0; i < set->n; i++)
		if (str_is(jwk_kid(&set->keys[i]), word))
			return &set->keys[i];
	for (size_t i = 0; i < set->n && n >= 8; i++)
		if (strncmp(set->keys[i].thumbprint, word, n) == 0) {
			if (found != NULL)
				return NULL;
			found = &set->keys[i];
		}
	return found;
}

void
key_put_json(struct buf *out, const struct jwk *key, const char *state, bool signs_logins)
{
	json_put_open(out, '{');
	json_put_member(out, "kid", jwk_kid(key));
	json_put_member(out, "alg", str_of(key->alg->name));
	json_put_member(out, "use", key->alg->use == ALG_SIGN ? STR("sig") : STR("enc"));
	json_put_member(out, "thumbprint", str_of(key->thumbprint));
	json_put_member_bool(out, "private", key->is_private);
	if (key->iat != 0)
		json_put_member_int(out, "iat", key->iat);
	if (key->nbf != 0)
		json_put_member_int(out, "nbf", key->nbf);
	if (key->exp != 0)
		json_put_member_int(out, "exp", key->exp);
	if (state != NULL)
		json_put_member(out, "state", str_of(state));
	if (state != NULL && key->alg->use == ALG_SIGN)
		json_put_member_bool(out, "logins", signs_logins);
	json_put_close(out, '}');
}

void
key_put_trail(struct trail *trail, const struct jwk *key, const char *path)
{
	trail_put(trail, "kid", jwk_kid(key));
	if (!str_eq(jwk_kid(key), str_of(key->thumbprint)))
		trail_put(trail, "thumbprint", str_of(key->thumbprint));
	trail_put(trail, "alg", str_of(key->alg->name));
	trail_put(trail, "in", str_of(path));
}

bool
key_is_in_use(const struct keyset *set, const struct alg *alg, int64_t now)
{
	return alg->use == ALG_SIGN ? keyset_signing_key(set, alg, now, NULL) != NULL
				    : keyset_current(set, JWK_OP_ENCRYPT, now) != NULL;
}
