/* How long the halves of a signing key are needed. */
#include <string.h>

#include "bin/key/key.h"

int64_t
key_grace(const struct config *c)
{
	return c->clock_leeway + KEY_MARGIN;
}

int64_t
key_longest_life(const struct config *c)
{
	int64_t life = c->browser_token_life > c->token_life ? c->browser_token_life
							     : c->token_life;

	return life + key_grace(c);
}

int64_t
key_end(const struct jwk *key, int64_t from, int64_t life, int64_t grace)
{
	int64_t by_hand = key->signed_until == 0 ? 0 : key->signed_until + grace;

	return by_hand > from + life ? by_hand : from + life;
}

const struct alg *
key_settings_alg(const struct config *c)
{
	return c->signing_alg == NULL ? NULL : alg_find(str_of(c->signing_alg));
}

bool
key_has_alg(const struct keyset *set, const struct alg *alg, int64_t now)
{
	for (size_t i = 0; i < set->n; i++) {
		const struct jwk *key = &set->keys[i];

		if ((key->ops & JWK_OP_SIGN) != 0 && (alg == NULL || key->alg == alg) &&
		    (key->exp == 0 || now < key->exp))
			return true;
	}
	return false;
}

enum err
key_check_alg(const struct config *c, const struct keyset *set, const struct alg *alg,
	      int64_t now, struct why *why)
{
	const struct alg *usual = alg_find(STR(KEYSET_USUAL_ALG));

	if (alg->use != ALG_SIGN || c->signing_alg != NULL ||
	    !key_has_alg(set, NULL, now) || key_has_alg(set, alg, now) ||
	    key_has_alg(set, usual, now))
		return ERR_OK;
	return why_set(why, ERR_SYNTAX,
		       "there are keys of another algorithm than %s: name the one that "
		       "signs logins as signing_alg in the settings first",
		       alg->name);
}

static bool
is_spent(const struct keyset *set, const struct jwk *key, int64_t now, int64_t grace)
{
	const struct jwk *next;
	enum keyset_state state = keyset_state(set, key, now);

	if ((key->ops & JWK_OP_SIGN) == 0 || key->type == KEY_OCT || key->exp == 0)
		return false;
	if (state != KEY_VERIFYING)
		return state == KEY_OVER;
	next = keyset_signing_key(set, key->alg, now, NULL);
	return next != NULL &&
	       (next->nbf > next->iat ? next->nbf : next->iat) + grace <= now;
}

enum err
key_strip_spent(struct key_dir *dir, int64_t now, int64_t grace, struct trail *trail,
		struct why *why)
{
	const struct key_dir_change change = { .strip = true };
	char thumbprint[JWK_THUMBPRINT + 1];
	enum err e = ERR_OK;

	for (size_t i = 0; i < dir->set.n && e == ERR_OK; i++) {
		if (!is_spent(&dir->set, &dir->set.keys[i], now, grace))
			continue;
		memcpy(thumbprint, dir->set.keys[i].thumbprint, sizeof(thumbprint));
		if ((e = key_dir_change(dir, thumbprint, &change, why)) == ERR_OK)
			trail_put(trail, "stripped", str_of(thumbprint));
	}
	return e;
}

/* Its end is public: verifiers must know it before there is such a token. */
static enum err
publish_end(const struct config *c, int64_t now, struct why *why)
{
	struct trail trail;
	bool good;

	trail_init(&trail, "keys_published", c);
	good = key_publish_all(c, now, &trail);
	if (trail_after(&trail, good ? COMMAND_OK : COMMAND_FAILED) != COMMAND_OK)
		good = false;
	trail_done(&trail);
	return good ? ERR_OK
		    : why_set(why, ERR_IO, "no token: its key could not be published");
}

/* In one step. If the key has an end that is too early, the end is moved. */
static enum err
write_until(const struct config *c, const struct jwk *key, int64_t until,
	    struct key_dir *dir, struct why *why)
{
	struct key_dir_change change = { .signed_until = until };
	int64_t end = until + key_grace(c);
	char thumbprint[JWK_THUMBPRINT + 1];

	if (until <= key->signed_until)
		return ERR_OK;
	if (key->exp != 0 && key->exp < end)
		change.exp = end;
	memcpy(thumbprint, key->thumbprint, sizeof(thumbprint));
	return key_dir_change(dir, thumbprint, &change, why);
}

enum err
key_keep(const struct config *c, int64_t now, int64_t until, struct key_dir *dir,
	 struct why *why)
{
	const struct jwk *key;
	bool ends;
	enum err e = key_dir_open(dir, c->signing_keys, false, why);

	if (e != ERR_OK)
		return e;
	key = keyset_signing_key(&dir->set, key_settings_alg(c), now, why);
	if (key == NULL)
		return ERR_NOT_FOUND;
	ends = key->exp != 0;
	e = write_until(c, key, until, dir, why);
	return e == ERR_OK && ends ? publish_end(c, now, why) : e;
}
