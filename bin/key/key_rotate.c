/*
 * The life of a signing key. Each step leaves a state that the next run can
 * take up: a new key waits without end, is published, waits for a while, signs;
 * the old one verifies until its last token has run out, is over, is deleted.
 */
#include <stdio.h>
#include <string.h>

#include "bin/key/key.h"
#include "json/json.h"

#define MARGIN 60       /* for a login that was under way */
#define KEEP_OVER 86400 /* before a key that is over is deleted */
#define LIFE_UNKNOWN 3600
#define NEVER (INT64_C(3650) * 86400) /* a key that is not published yet signs then */

struct rotation {
	const char *every, *ahead, *alg, *group;
	int64_t every_s, ahead_s;
	bool now_said, json;
	const struct config *config;
	int64_t now;
	struct trail *trail;
};

/* For how long a token may be good that is signed now. */
static int64_t
longest_life(const struct config *c)
{
	int64_t life = c->browser_token_life > c->token_life ? c->browser_token_life
							     : c->token_life;

	return life + c->clock_leeway + MARGIN;
}

static bool
is_signing_key(const struct jwk *key)
{
	return (key->ops & JWK_OP_SIGN) != 0;
}

/* The newest key that is to sign later, or NULL. */
static struct jwk *
find_waiting(const struct keyset *set, int64_t now)
{
	struct jwk *found = NULL;

	for (size_t i = 0; i < set->n; i++) {
		struct jwk *key = &set->keys[i];

		if (is_signing_key(key) && keyset_state(set, key, now) == KEY_WAITING &&
		    (found == NULL || key->nbf > found->nbf))
			found = key;
	}
	return found;
}

/* Is an earlier rotation not finished: does a key wait, or still verify? */
static bool
is_under_way(const struct keyset *set, int64_t now)
{
	for (size_t i = 0; i < set->n; i++) {
		enum keyset_state state = keyset_state(set, &set->keys[i], now);

		if (is_signing_key(&set->keys[i]) &&
		    (state == KEY_WAITING || state == KEY_VERIFYING))
			return true;
	}
	return false;
}

static bool
is_due(const struct rotation *r, const struct jwk *current)
{
	int64_t since = current->nbf > current->iat ? current->nbf : current->iat;

	return r->every == NULL || r->now - since >= r->every_s;
}

static enum err
make_next(const struct rotation *r, struct ring *ring, const struct jwk *current,
	  struct buf *kid, struct why *why)
{
	const struct alg *alg = r->alg != NULL    ? alg_find(str_of(r->alg))
				: current != NULL ? current->alg
						  : alg_find(STR("ES256"));
	struct jwk key = { 0 };
	enum err e;

	if (!ring_set_group(ring, r->group))
		return why_set(why, ERR_NOT_FOUND, "there is no group %s", r->group);
	if ((e = jwk_make(alg, 0, CURVE_NONE, r->now, &key, why)) == ERR_OK) {
		key.nbf = current == NULL ? r->now : r->now + NEVER;
		key.kid_said = true;
		if ((e = ring_add(ring, &key, why)) == ERR_OK)
			buf_add(kid, jwk_kid(&key));
		if (e == ERR_OK)
			trail_put(r->trail, "made", jwk_kid(&key));
	}
	jwk_done(&key);
	return e;
}

/* Later than the current one in any case, or both would be equally new. */
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

/* Only now that it is published may the new key begin to sign. */
static enum err
start_published(const struct rotation *r, struct ring *ring, struct why *why)
{
	int64_t start = start_of_next(r, keyset_signing_key(&ring->set, r->now));
	char thumbprint[JWK_THUMBPRINT + 1];
	enum err e = ERR_OK;

	for (size_t i = 0; i < ring->set.n && e == ERR_OK; i++) {
		const struct jwk *key = &ring->set.keys[i];

		if (!is_signing_key(key) || key->nbf < r->now + NEVER / 2)
			continue;
		memcpy(thumbprint, key->thumbprint, sizeof(thumbprint));
		if ((e = ring_set_times(ring, thumbprint, start, 0, why)) == ERR_OK)
			trail_put(r->trail, "starts", str_of(thumbprint));
	}
	return e;
}

/* Everything that signs or signed, and is not the last, gets its end. */
static enum err
end_others(const struct rotation *r, struct ring *ring, struct why *why)
{
	const struct jwk *next = find_waiting(&ring->set, r->now);
	char thumbprint[JWK_THUMBPRINT + 1];
	char successor[JWK_THUMBPRINT + 1];
	int64_t from;
	enum err e = ERR_OK;

	if (next == NULL)
		next = keyset_signing_key(&ring->set, r->now);
	if (next == NULL)
		return ERR_OK;
	memcpy(successor, next->thumbprint, sizeof(successor));
	from = next->nbf > r->now ? next->nbf : r->now;
	for (size_t i = 0; i < ring->set.n && e == ERR_OK; i++) {
		const struct jwk *key = &ring->set.keys[i];

		if (!is_signing_key(key) || key->exp != 0 ||
		    strcmp(key->thumbprint, successor) == 0)
			continue;
		memcpy(thumbprint, key->thumbprint, sizeof(thumbprint));
		e = ring_set_times(ring, thumbprint, 0, from + longest_life(r->config),
				   why);
		if (e == ERR_OK)
			trail_put(r->trail, "ends", str_of(thumbprint));
	}
	return e;
}

static enum err
delete_over(const struct rotation *r, struct ring *ring, struct why *why)
{
	char thumbprint[JWK_THUMBPRINT + 1];

	for (size_t i = ring->set.n; i-- > 0;) {
		const struct jwk *key = &ring->set.keys[i];
		size_t before = ring->set.n;
		enum err e;

		if (!is_signing_key(key) || key->exp == 0 ||
		    key->exp + KEEP_OVER > r->now)
			continue;
		memcpy(thumbprint, key->thumbprint, sizeof(thumbprint));
		if ((e = ring_remove(ring, thumbprint, why)) != ERR_OK)
			return e;
		trail_put(r->trail, "deleted", str_of(thumbprint));
		if (ring->set.n < before)
			i = ring->set.n;
	}
	return ERR_OK;
}

/* The steps, in the order in which a power cut between any two does no harm. */
static enum err
rotate(const struct rotation *r, struct ring *ring, struct buf *kid, struct why *why)
{
	const struct jwk *current = keyset_signing_key(&ring->set, r->now);
	enum err e = ERR_OK;

	if (current == NULL || r->now_said ||
	    (!is_under_way(&ring->set, r->now) && is_due(r, current)))
		e = make_next(r, ring, current, kid, why);
	if (e == ERR_OK && !key_publish_all(r->config, r->now, r->trail))
		return why_set(why, ERR_IO, "the rotation goes on at the next call");
	if (e == ERR_OK)
		e = start_published(r, ring, why);
	if (e == ERR_OK)
		e = end_others(r, ring, why);
	if (e == ERR_OK)
		e = delete_over(r, ring, why);
	if (e == ERR_OK && !key_publish_all(r->config, r->now, r->trail))
		return why_set(why, ERR_IO, "the rotation goes on at the next call");
	return e;
}

static bool
report(const struct rotation *r, const struct buf *kid)
{
	struct buf out;
	bool good;

	buf_init(&out, JWK_MAX);
	if (r->json) {
		json_put_open(&out, '{');
		json_put_member_bool(&out, "made", kid->n > 0);
		if (kid->n > 0)
			json_put_member(&out, "kid", buf_str(kid));
		json_put_close(&out, '}');
	} else {
		buf_add(&out, buf_str(kid));
	}
	if (out.n > 0)
		buf_addc(&out, '\n');
	good = command_write(buf_str(&out));
	buf_done(&out);
	return good;
}

/* Secret keys can only be rotated where verifiers read the same files. */
static bool
can_rotate(const struct rotation *r, const struct ring *ring, struct why *why)
{
	const struct config *c = r->config;

	if (!ring->is_directory) {
		why_set(why, ERR_SYNTAX,
			"signing_keys: %s is a file; rotating needs a directory",
			ring->path);
		return false;
	}
	if (ring->set.n > 0 && ring->set.keys[0].type == KEY_OCT &&
	    (c->verifying_keys == NULL || strcmp(c->verifying_keys, ring->path) != 0)) {
		why_set(why, ERR_SYNTAX,
			"secret (oct) keys cannot be published; name %s as "
			"verifying_keys too",
			ring->path);
		return false;
	}
	return true;
}

static int
rotate_settings(struct rotation *r)
{
	const char *path = key_path(r->config, "signing_keys");
	struct ring ring = { .lock = -1 };
	struct why why = { "" };
	struct buf kid;
	int status = COMMAND_FAILED;

	if (path == NULL || key_path(r->config, "verifying_keys") == NULL)
		return COMMAND_FAILED;
	buf_init(&kid, JWK_KID_MAX);
	if (ring_open(&ring, path, true, &why) == ERR_OK && can_rotate(r, &ring, &why) &&
	    rotate(r, &ring, &kid, &why) == ERR_OK)
		status = report(r, &kid) ? COMMAND_OK : COMMAND_FAILED;
	else
		command_fail("%s", why.text);
	ring_close(&ring);
	buf_done(&kid);
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
	if ((r.every != NULL && !keys_duration("every", r.every, &r.every_s)) ||
	    (r.ahead != NULL && !keys_duration("ahead", r.ahead, &r.ahead_s)) ||
	    !keys_now(&r.now) || !command_config(&config))
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

/* ---- retire ---- */

struct retirement {
	const char *kid;
	bool now_said;
	int64_t now, life;
	struct trail trail;
};

/* When its last token has run out; at once for a key that signed none. */
static int64_t
end_of(const struct retirement *r, const struct keyset *set, const struct jwk *key)
{
	int64_t end = r->now_said || keyset_state(set, key, r->now) == KEY_WAITING
			      ? r->now
			      : r->now + r->life;

	return key->exp != 0 && key->exp < end ? key->exp : end;
}

static enum err
set_end(struct retirement *r, struct ring *ring, const struct jwk *key, struct why *why)
{
	int64_t end = end_of(r, &ring->set, key);
	char thumbprint[JWK_THUMBPRINT + 1], until[24];
	enum err e;

	memcpy(thumbprint, key->thumbprint, sizeof(thumbprint));
	key_put_trail(&r->trail, key, ring->path); /* the ring is read anew below */
	snprintf(until, sizeof(until), "%lld", (long long)end);
	trail_put(&r->trail, "until", str_of(until));
	e = ring_set_times(ring, thumbprint, 0, end, why);
	if (e != ERR_OK)
		buf_clear(&r->trail.detail);
	return e;
}

/* COMMAND_NO without a complaint when the ring has no such key. */
static int
retire_in(struct retirement *r, const char *path, bool *found)
{
	struct ring ring;
	struct why why = { "" };
	struct jwk *key;
	int status = COMMAND_FAILED;

	*found = false;
	if (ring_open(&ring, path, false, &why) != ERR_OK) {
		command_fail("%s", why.text);
	} else if ((key = key_find(&ring.set, r->kid)) == NULL) {
		status = COMMAND_NO;
	} else if (!r->now_said && keyset_state(&ring.set, key, r->now) == KEY_SIGNING) {
		*found = true;
		status = command_no("this key is the one in use; `doorward key rotate` "
				    "first, or retire it --now");
	} else {
		*found = true;
		if (set_end(r, &ring, key, &why) == ERR_OK)
			status = COMMAND_OK;
		else
			command_fail("%s", why.text);
		if (status == COMMAND_OK &&
		    keyset_signing_key(&ring.set, r->now) == NULL &&
		    keyset_current(&ring.set, JWK_OP_ENCRYPT, r->now) == NULL)
			fprintf(stderr, "doorward: warning: no key is in use now; "
					"`doorward key new` makes one\n");
	}
	ring_close(&ring);
	return status;
}

static int
retire_in_settings(struct retirement *r)
{
	struct config c;
	bool found = false;
	int status = COMMAND_NO;

	if (!command_config(&c))
		return COMMAND_FAILED;
	r->life = longest_life(&c);
	if (key_path(&c, "signing_keys") == NULL)
		status = COMMAND_FAILED;
	if (status == COMMAND_NO)
		status = retire_in(r, c.signing_keys, &found);
	if (status == COMMAND_NO && !found && c.decryption_keys != NULL)
		status = retire_in(r, c.decryption_keys, &found);
	if (status == COMMAND_NO && !found)
		command_no("no such key");
	if (status == COMMAND_OK && !key_publish_all(&c, r->now, &r->trail))
		status = COMMAND_FAILED;
	config_done(&c);
	return status;
}

int
key_retire(int argc, char **argv)
{
	struct retirement r = { .life = LIFE_UNKNOWN + MARGIN };
	const char *keys = NULL;
	const struct command_option options[] = { { "now", .flag = &r.now_said },
						  { "keys", .value = &keys },
						  { NULL } };
	bool found;
	int status;

	if (!command_options(&argc, argv, options) || argc != 2)
		return COMMAND_MISUSED;
	r.kid = argv[1];
	if (!keys_now(&r.now))
		return COMMAND_FAILED;
	trail_init(&r.trail, "key_retired", NULL);
	if (keys == NULL) {
		status = retire_in_settings(&r);
	} else {
		status = retire_in(&r, keys, &found);
		if (status == COMMAND_NO && !found)
			command_no("no such key");
	}
	status = trail_after(&r.trail, status);
	trail_done(&r.trail);
	return status;
}
