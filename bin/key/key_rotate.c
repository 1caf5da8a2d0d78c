/*
 * The life of a signing key. After each step, the next run can go on: a new key waits
 * without a date, is published, waits for a while, and signs. The old key verifies
 * until its last token has expired, is over, and is deleted.
 */
#include <stdio.h>
#include <string.h>

#include "bin/key/key.h"
#include "json/json.h"

#define KEEP_OVER 86400 /* time before a key that is over is deleted */
#define NEVER                                                                            \
	(INT64_C(3650) * 86400) /* the time at which an unpublished key would sign */

struct rotation {
	const char *every, *ahead, *alg, *group;
	int64_t every_s, ahead_s;
	bool now_said, json;
	const struct config *config;
	int64_t now;
	struct trail *trail;
	struct buf *made; /* kids, one a line */
};

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
is_under_way(const struct rotation *r, const struct keyset *set,
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
is_due(const struct rotation *r, const struct jwk *current)
{
	int64_t since = current->nbf > current->iat ? current->nbf : current->iat;

	return r->every == NULL || r->now - since >= r->every_s;
}

static bool
is_wanted(const struct rotation *r, const struct keyset *set, const struct alg *alg)
{
	const struct jwk *current = keyset_signing_key(set, alg, r->now, NULL);

	if (current == NULL)
		return true;
	if (r->now_said)
		return !is_unpublished(find_waiting(set, alg, r->now), r->now);
	return !is_under_way(r, set, current) && is_due(r, current);
}

static enum err
make_next(const struct rotation *r, struct key_dir *dir, const struct alg *alg,
	  struct why *why)
{
	bool first = keyset_signing_key(&dir->set, alg, r->now, NULL) == NULL;
	struct jwk key = { 0 };
	enum err e = key_check_alg(r->config, &dir->set, alg, r->now, why);

	if (e != ERR_OK)
		return e;
	if (!key_dir_set_group(dir, r->group))
		return why_set(why, ERR_NOT_FOUND, "there is no group %s", r->group);
	if ((e = jwk_make(alg, 0, CURVE_NONE, r->now, &key, why)) == ERR_OK) {
		key.nbf = first ? r->now : r->now + NEVER;
		key.kid_said = true;
		if ((e = key_dir_add(dir, &key, why)) == ERR_OK) {
			buf_add(r->made, jwk_kid(&key));
			buf_addc(r->made, '\n');
			trail_put(r->trail, "made", jwk_kid(&key));
		}
	}
	jwk_done(&key);
	return e;
}

/* Later than the present key in any case. Otherwise both would be equally new. */
static int64_t
start_of_next(const struct rotation *r, const struct jwk *current)
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
start_published(const struct rotation *r, struct key_dir *dir, const struct alg *alg,
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
			trail_put(r->trail, "starts", str_of(thumbprint));
	}
	return e;
}

/* Every key of `alg` that signs or signed, except the last one, gets its end. */
static enum err
end_others(const struct rotation *r, struct key_dir *dir, const struct alg *alg,
	   struct why *why)
{
	const struct jwk *next = find_waiting(&dir->set, alg, r->now);
	int64_t life = key_longest_life(r->config), grace = key_grace(r->config), from;
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
			trail_put(r->trail, "ends", str_of(thumbprint));
	}
	return e;
}

static enum err
delete_over(const struct rotation *r, struct key_dir *dir, struct why *why)
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
		trail_put(r->trail, "deleted", str_of(thumbprint));
		if (dir->set.n < before)
			i = dir->set.n;
	}
	return ERR_OK;
}

/* Each algorithm has its own schedule: those that have keys, and that of logins. */
static bool
is_rotated(const struct rotation *r, const struct keyset *set, const struct alg *alg)
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
each_alg(const struct rotation *r, struct key_dir *dir,
	 enum err (*step)(const struct rotation *r, struct key_dir *dir,
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
make_wanted(const struct rotation *r, struct key_dir *dir, const struct alg *alg,
	    struct why *why)
{
	return is_wanted(r, &dir->set, alg) ? make_next(r, dir, alg, why) : ERR_OK;
}

static enum err
publish(const struct rotation *r, struct why *why)
{
	return key_publish_all(r->config, r->now, r->trail)
		       ? ERR_OK
		       : why_set(why, ERR_IO, "the rotation goes on at the next call");
}

/* The steps, in an order in which a power cut between any two does no harm. */
static enum err
rotate(const struct rotation *r, struct key_dir *dir, struct why *why)
{
	enum err e;

	if ((e = each_alg(r, dir, make_wanted, why)) != ERR_OK ||
	    (e = publish(r, why)) != ERR_OK ||
	    (e = each_alg(r, dir, start_published, why)) != ERR_OK ||
	    (e = each_alg(r, dir, end_others, why)) != ERR_OK ||
	    (e = key_strip_spent(dir, r->now, key_grace(r->config), r->trail, why)) !=
		    ERR_OK ||
	    (e = delete_over(r, dir, why)) != ERR_OK)
		return e;
	return publish(r, why);
}

static bool
report(const struct rotation *r)
{
	struct str kids = buf_str(r->made);
	struct buf out;
	bool good;

	if (!r->json)
		return command_write(kids);
	buf_init(&out, KEYSET_BYTES);
	json_put_open(&out, '{');
	json_put_member_bool(&out, "made", kids.n > 0);
	if (kids.n > 0)
		json_put_member(&out, "kid", str_sub(kids, 0, str_index(kids, '\n')));
	json_put_name(&out, "kids");
	json_put_open(&out, '[');
	while (kids.n > 0)
		json_put_str(&out, str_cut(&kids, '\n'));
	json_put_close(&out, ']');
	json_put_close(&out, '}');
	buf_addc(&out, '\n');
	good = command_write(buf_str(&out));
	buf_done(&out);
	return good;
}

/* Secret keys can only be rotated if verifiers read the same files. */
static bool
can_rotate(const struct rotation *r, const struct key_dir *dir, struct why *why)
{
	const struct config *c = r->config;

	if (!dir->is_directory) {
		why_set(why, ERR_SYNTAX,
			"signing_keys: %s is a file; rotating needs a directory",
			dir->path);
		return false;
	}
	if (dir->set.n > 0 && dir->set.keys[0].type == KEY_OCT &&
	    (c->verifying_keys == NULL || strcmp(c->verifying_keys, dir->path) != 0)) {
		why_set(why, ERR_SYNTAX,
			"secret (oct) keys cannot be published; name %s as "
			"verifying_keys too",
			dir->path);
		return false;
	}
	return true;
}

static int
rotate_settings(struct rotation *r)
{
	const char *path = key_path(r->config, "signing_keys");
	struct key_dir dir = { .lock = -1 };
	struct why why = { "" };
	struct buf made;
	int status = COMMAND_FAILED;

	if (path == NULL || key_path(r->config, "verifying_keys") == NULL)
		return COMMAND_FAILED;
	buf_init(&made, KEYSET_BYTES);
	r->made = &made;
	if (key_dir_open(&dir, path, true, &why) == ERR_OK && can_rotate(r, &dir, &why) &&
	    rotate(r, &dir, &why) == ERR_OK)
		status = report(r) ? COMMAND_OK : COMMAND_FAILED;
	else
		command_fail("%s", why.text);
	key_dir_close(&dir);
	buf_done(&made);
	return status;
}

static bool
is_signature_alg(const char *name)
{
	const struct alg *alg = name == NULL ? NULL : alg_find(str_of(name));

	if (name == NULL || (alg != NULL && alg->use == ALG_SIGN))
		return true;
	command_fail("%s is no signature algorithm that is offered", name);
	return false;
}

int
key_rotate(int argc, char **argv)
{
	struct rotation r = { .ahead_s = KEY_AHEAD };
	const struct command_option options[] = {
		{ "every", .value = &r.every },
		{ "ahead", .value = &r.ahead },
		{ "alg", .value = &r.alg },
		{ "group", .value = &r.group },
		{ "now", .flag = &r.now_said },
		{ "json", .flag = &r.json },
		{ NULL },
	};
	struct config config;
	struct trail trail;
	int status;

	if (!command_options(&argc, argv, options) || argc != 1)
		return COMMAND_MISUSED;
	if (!is_signature_alg(r.alg))
		return COMMAND_UNSUPPORTED;
	if ((r.every != NULL && !command_duration("every", r.every, &r.every_s)) ||
	    (r.ahead != NULL && !command_duration("ahead", r.ahead, &r.ahead_s)) ||
	    !command_now(&r.now) || !command_config(&config))
		return COMMAND_FAILED;
	r.config = &config;
	if (r.now_said)
		r.ahead_s = 0;
	trail_init(&trail, "keys_rotated", &config);
	r.trail = &trail;
	status = rotate_settings(&r);
	status = trail_after(&trail, status);
	trail_done(&trail);
	config_done(&config);
	return status;
}
