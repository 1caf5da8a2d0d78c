/*
 * The life of a signing key. After each step, the next run can go on: a new key waits
 * without a date, is published, waits for a while, and signs. The old key verifies
 * until its last token has expired, is over, and is deleted.
 */
#include "keys/key_rotation.h"

#include <string.h>

#include "keys/key_dir.h"
#include "keys/key_life.h"
#include "keys/key_note.h"
#include "keys/key_publish.h"

#define KEEP_OVER 86400 /* time before a key that is over is deleted */
#define NEVER                                                                            \
	(INT64_C(3650) * 86400) /* the time at which an unpublished key would sign */

/* A key of `alg` that signs, or could sign, because its private half exists. */
static bool
is_signing_key(const struct jwk *key, const struct alg *alg)
{
	return (key->ops & JWK_OP_SIGN) != 0 && key->alg == alg;
}

/* The newest key that will sign later, or NULL. */
static struct jwk *
find_waiting(const struct keyset *set, const struct alg *alg, int64_t now)
{
	struct jwk *found = NULL;

	for (size_t i = 0; i < set->n; i++) {
		struct jwk *key = &set->keys[i];

		if (is_signing_key(key, alg) &&
		    keyset_state(set, key, now) == KEY_WAITING &&
		    (found == NULL || key->nbf > found->nbf))
			found = key;
	}
	return found;
}

/* Made by a run that was interrupted before it could publish the key. */
static bool
is_unpublished(const struct jwk *key, int64_t now)
{
	return key != NULL && key->nbf >= now + NEVER / 2;
}

/*
 * Is an earlier rotation incomplete: does a key wait, or does an old login's token
 * live?
 */
static bool
is_under_way(const struct key_rotation *r, const struct keyset *set,
	     const struct jwk *current)
{
	if (find_waiting(set, current->alg, r->now) != NULL)
		return true;
	if (r->now >= current->nbf + key_longest_life(r->config))
		return false;
	for (size_t i = 0; i < set->n; i++)
		if (set->keys[i].alg == current->alg &&
		    keyset_state(set, &set->keys[i], r->now) == KEY_VERIFYING)
			return true;
	return false;
}

static bool
is_due(const struct key_rotation *r, const struct jwk *current)
{
	int64_t since = current->nbf > current->iat ? current->nbf : current->iat;

	return r->every_s == 0 || r->now - since >= r->every_s;
}

static bool
is_wanted(const struct key_rotation *r, const struct keyset *set, const struct alg *alg)
{
	const struct jwk *current = keyset_signing_key(set, alg, r->now, NULL);

	if (current == NULL)
		return true;
	if (r->now_wanted)
		return !is_unpublished(find_waiting(set, alg, r->now), r->now);
	return !is_under_way(r, set, current) && is_due(r, current);
}

static enum err
make_next(const struct key_rotation *r, struct key_dir *dir, const struct alg *alg,
	  struct why *why)
{
	bool first = keyset_signing_key(&dir->set, alg, r->now, NULL) == NULL;
	struct jwk key = { 0 };
	enum err e = key_check_alg(r->config, &dir->set, alg, r->now, why);

	if (e != ERR_OK)
		return e;
	if (r->group != NULL)
		key_dir_set_group(dir, *r->group);
	if ((e = jwk_make(alg, 0, CURVE_NONE, r->now, &key, why)) == ERR_OK) {
		key.nbf = first ? r->now : r->now + NEVER;
		key.kid_said = true;
		if ((e = key_dir_add(dir, &key, why)) == ERR_OK) {
			buf_add(r->made, jwk_kid(&key));
			buf_addc(r->made, '\n');
			key_note(r->done, "made", jwk_kid(&key));
		}
	}
	jwk_done(&key);
	return e;
}

/* Later than the present key in any case. Otherwise both would be equally new. */
static int64_t
start_of_next(const struct key_rotation *r, const struct jwk *current)
{
	int64_t start = r->now + r->ahead_s;

	if (current == NULL)
		return r->now;
	if (start <= current->nbf)
		start = current->nbf + 1;
	return start <= current->iat ? current->iat + 1 : start;
}

/* The new key may begin to sign only after it was published. */
static enum err
start_published(const struct key_rotation *r, struct key_dir *dir, const struct alg *alg,
		struct why *why)
{
	const struct key_dir_change change = {
		.nbf = start_of_next(r, keyset_signing_key(&dir->set, alg, r->now, NULL))
	};
	char thumbprint[JWK_THUMBPRINT + 1];
	enum err e = ERR_OK;

	for (size_t i = 0; i < dir->set.n && e == ERR_OK; i++) {
		const struct jwk *key = &dir->set.keys[i];

		if (!is_signing_key(key, alg) || !is_unpublished(key, r->now))
			continue;
		memcpy(thumbprint, key->thumbprint, sizeof(thumbprint));
		if ((e = key_dir_change(dir, thumbprint, &change, why)) == ERR_OK)
			key_note(r->done, "starts", str_of(thumbprint));
	}
	return e;
}

/* Every key of `alg` that signs or signed, except the last one, gets its end. */
static enum err
end_others(const struct key_rotation *r, struct key_dir *dir, const struct alg *alg,
	   struct why *why)
{
	const struct jwk *next = find_waiting(&dir->set, alg, r->now);
	int64_t life = key_any_life(r->config, r->now, r->programs_until);
	int64_t grace = key_grace(r->config), from;
	char thumbprint[JWK_THUMBPRINT + 1], successor[JWK_THUMBPRINT + 1];
	enum err e = ERR_OK;

	if (next == NULL)
		next = keyset_signing_key(&dir->set, alg, r->now, NULL);
	if (next == NULL)
		return ERR_OK;
	memcpy(successor, next->thumbprint, sizeof(successor));
	from = next->nbf > r->now ? next->nbf : r->now;
	for (size_t i = 0; i < dir->set.n && e == ERR_OK; i++) {
		const struct jwk *key = &dir->set.keys[i];
		struct key_dir_change change = { .exp = key_end(key, from, life, grace) };

		if (!is_signing_key(key, alg) || key->exp != 0 ||
		    strcmp(key->thumbprint, successor) == 0)
			continue;
		memcpy(thumbprint, key->thumbprint, sizeof(thumbprint));
		if ((e = key_dir_change(dir, thumbprint, &change, why)) == ERR_OK)
			key_note(r->done, "ends", str_of(thumbprint));
	}
	return e;
}

static enum err
delete_over(const struct key_rotation *r, struct key_dir *dir, struct why *why)
{
	char thumbprint[JWK_THUMBPRINT + 1];

	for (size_t i = dir->set.n; i-- > 0;) {
		const struct jwk *key = &dir->set.keys[i];
		size_t before = dir->set.n;
		enum err e;

		if (key->alg->use != ALG_SIGN || key->exp == 0 ||
		    key->exp + KEEP_OVER > r->now)
			continue;
		memcpy(thumbprint, key->thumbprint, sizeof(thumbprint));
		if ((e = key_dir_remove(dir, thumbprint, why)) != ERR_OK)
			return e;
		key_note(r->done, "deleted", str_of(thumbprint));
		if (dir->set.n < before)
			i = dir->set.n;
	}
	return ERR_OK;
}

/* Each algorithm has its own schedule: those that have keys, and that of logins. */
static bool
is_rotated(const struct key_rotation *r, const struct keyset *set, const struct alg *alg)
{
	const struct alg *logins = key_settings_alg(r->config);

	if (alg->use != ALG_SIGN)
		return false;
	if (r->alg != NULL)
		return strcmp(r->alg, alg->name) == 0;
	if (logins == NULL && !key_has_alg(set, NULL, r->now))
		logins = alg_find(STR(KEYSET_USUAL_ALG));
	return alg == logins || key_has_alg(set, alg, r->now);
}

/* Call `step` for each algorithm that must be rotated. */
static enum err
each_alg(const struct key_rotation *r, struct key_dir *dir,
	 enum err (*step)(const struct key_rotation *r, struct key_dir *dir,
			  const struct alg *alg, struct why *why),
	 struct why *why)
{
	const struct alg *alg;
	enum err e = ERR_OK;

	for (size_t i = 0; e == ERR_OK && (alg = alg_at(i)) != NULL; i++)
		if (is_rotated(r, &dir->set, alg))
			e = step(r, dir, alg, why);
	return e;
}

static enum err
make_wanted(const struct key_rotation *r, struct key_dir *dir, const struct alg *alg,
	    struct why *why)
{
	return is_wanted(r, &dir->set, alg) ? make_next(r, dir, alg, why) : ERR_OK;
}

/* The steps, in an order in which a power cut between any two does no harm. */
static enum err
rotate(const struct key_rotation *r, struct key_dir *dir, struct why *why)
{
	enum err e;

	if ((e = each_alg(r, dir, make_wanted, why)) != ERR_OK ||
	    (e = key_publish_all(r->config, r->now, r->done, why)) != ERR_OK ||
	    (e = each_alg(r, dir, start_published, why)) != ERR_OK ||
	    (e = each_alg(r, dir, end_others, why)) != ERR_OK ||
	    (e = key_strip_spent(dir, r->now, key_grace(r->config), r->done, why)) !=
		    ERR_OK ||
	    (e = delete_over(r, dir, why)) != ERR_OK)
		return e;
	return key_publish_all(r->config, r->now, r->done, why);
}

/* Secret keys can only be rotated if verifiers read the same files. */
static enum err
can_rotate(const struct key_rotation *r, const struct key_dir *dir, struct why *why)
{
	const struct config *c = r->config;

	if (!dir->is_directory)
		return why_set(why, ERR_SYNTAX,
			       "signing_keys: %s is a file; rotating needs a directory",
			       dir->path);
	if (dir->set.n > 0 && dir->set.keys[0].type == KEY_OCT &&
	    (c->verifying_keys == NULL || strcmp(c->verifying_keys, dir->path) != 0))
		return why_set(why, ERR_SYNTAX,
			       "secret (oct) keys cannot be published; name %s as "
			       "verifying_keys too",
			       dir->path);
	return ERR_OK;
}

static enum err
rotate_in(const struct key_rotation *r, struct key_dir *dir, struct why *why)
{
	enum err e = can_rotate(r, dir, why);

	return e == ERR_OK ? rotate(r, dir, why) : e;
}

enum err
key_rotate_now(const struct key_rotation *r, struct why *why)
{
	struct key_dir dir = { .lock = -1 };
	enum err e = key_dir_open(&dir, r->config->signing_keys, true, why);

	if (e == ERR_OK)
		e = rotate_in(r, &dir, why);
	key_dir_close(&dir);
	return e;
}

enum err
key_rotate_if_free(const struct key_rotation *r, struct why *why)
{
	struct key_dir dir = { .lock = -1 };
	enum err e = key_dir_try(&dir, r->config->signing_keys, why);

	if (e == ERR_OK)
		e = rotate_in(r, &dir, why);
	key_dir_close(&dir);
	return e;
}
