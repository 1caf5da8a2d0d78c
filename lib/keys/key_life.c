#include "keys/key_life.h"

#include <string.h>

#include "keys/key_note.h"

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
key_any_life(const struct config *c, int64_t now, int64_t programs_until)
{
	int64_t life = key_longest_life(c), programs = programs_until - now;

	if (programs <= life)
		return life;
	if (programs < c->program_token_life) /* more may be made until the key stops */
		programs = c->program_token_life;
	programs += key_grace(c);
	return programs > life ? programs : life;
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
key_strip_spent(struct key_dir *dir, int64_t now, int64_t grace, struct buf *done,
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
			key_note(done, "stripped", str_of(thumbprint));
	}
	return e;
}
