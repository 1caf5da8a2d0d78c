/* doorward key retire: end a key by hand. */
#include <stdio.h>
#include <string.h>

#include "bin/key/key.h"

#define LIFE_UNKNOWN 3600

struct retirement {
	const char *kid;
	bool now_said;
	int64_t now, life, grace;
	const struct alg *alg; /* of logins; NULL: determined by the keys */
	struct trail trail;
};

/* When its last token expires. At once for a key that signed none. */
static int64_t
end_of(const struct retirement *r, const struct keyset *set, const struct jwk *key)
{
	int64_t end = r->now_said || keyset_state(set, key, r->now) == KEY_WAITING
			      ? r->now
			      : key_end(key, r->now, r->life, r->grace);

	return key->exp != 0 && key->exp < end ? key->exp : end;
}

static enum err
set_end(struct retirement *r, struct key_dir *dir, const struct jwk *key, struct why *why)
{
	struct key_dir_change change = { .exp = end_of(r, &dir->set, key) };
	char thumbprint[JWK_THUMBPRINT + 1], until[24];
	enum err e;

	memcpy(thumbprint, key->thumbprint, sizeof(thumbprint));
	key_put_trail(&r->trail, key, dir->path); /* the directory is read anew below */
	/* A key whose successor has just begun to sign is left to key_strip_spent. */
	change.strip = key->alg->use == ALG_SIGN &&
		       (change.exp <= r->now ||
			keyset_state(&dir->set, key, r->now) == KEY_SIGNING);
	snprintf(until, sizeof(until), "%lld", (long long)change.exp);
	trail_put(&r->trail, "until", str_of(until));
	e = key_dir_change(dir, thumbprint, &change, why);
	if (e == ERR_OK)
		e = key_strip_spent(dir, r->now, r->grace, &r->trail.detail, why);
	if (e != ERR_OK)
		buf_clear(&r->trail.detail);
	return e;
}

/* A key that encrypts, or signs logins, must have a successor first. */
static bool
is_needed(const struct retirement *r, const struct keyset *set, const struct jwk *key)
{
	if (key->alg->use == ALG_SIGN)
		return keyset_signing_key(set, r->alg, r->now, NULL) == key;
	return keyset_state(set, key, r->now) == KEY_SIGNING;
}

/* COMMAND_NO without a complaint if the directory has no such key. */
static int
retire_in(struct retirement *r, const char *path, bool *found)
{
	struct key_dir dir;
	struct why why = { "" };
	struct jwk *key;
	int status = COMMAND_FAILED;

	*found = false;
	if (key_dir_open(&dir, path, false, &why) != ERR_OK) {
		command_fail("%s", why.text);
	} else if ((key = key_find(&dir.set, r->kid)) == NULL) {
		status = COMMAND_NO;
	} else if (!r->now_said && is_needed(r, &dir.set, key)) {
		*found = true;
		status = command_no("this key is the one in use; `doorward key rotate` "
				    "first, or retire it --now");
	} else {
		*found = true;
		if (set_end(r, &dir, key, &why) == ERR_OK)
			status = COMMAND_OK;
		else
			command_fail("%s", why.text);
		if (status == COMMAND_OK &&
		    keyset_signing_key(&dir.set, r->alg, r->now, NULL) == NULL &&
		    keyset_current(&dir.set, JWK_OP_ENCRYPT, r->now) == NULL)
			fprintf(stderr, "doorward: warning: no key is in use now; "
					"`doorward key new` makes one\n");
	}
	key_dir_close(&dir);
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
	r->life = r->now_said ? key_longest_life(&c)
			      : key_any_life(&c, r->now, key_programs_until(&c, r->now));
	r->grace = key_grace(&c);
	r->alg = key_settings_alg(&c);
	if (key_path(&c, "signing_keys") == NULL)
		status = COMMAND_FAILED;
	if (status == COMMAND_NO)
		status = retire_in(r, c.signing_keys, &found);
	if (status == COMMAND_NO && !found && c.decryption_keys != NULL)
		status = retire_in(r, c.decryption_keys, &found);
	if (status == COMMAND_NO && !found)
		command_no("there is no key %s; `doorward key list` shows them all",
			   r->kid);
	if (status == COMMAND_OK && !key_publish_settings(&c, r->now, &r->trail))
		status = COMMAND_FAILED;
	config_done(&c);
	return status;
}

int
key_retire(int argc, char **argv)
{
	struct retirement r = { .life = LIFE_UNKNOWN + KEY_MARGIN, .grace = KEY_MARGIN };
	const char *keys = NULL;
	const struct command_option options[] = { { "now", .flag = &r.now_said },
						  { "keys", .value = &keys },
						  { NULL } };
	bool found;
	int status;

	if (!command_options(&argc, argv, options) || argc != 2)
		return COMMAND_MISUSED;
	r.kid = argv[1];
	if (!command_now(&r.now))
		return COMMAND_FAILED;
	trail_init(&r.trail, "key_retired", NULL);
	if (keys == NULL) {
		status = retire_in_settings(&r);
	} else {
		status = retire_in(&r, keys, &found);
		if (status == COMMAND_NO && !found)
			command_no(
				"there is no key %s; `doorward key list` shows them all",
				r.kid);
	}
	status = trail_after(&r.trail, status);
	trail_done(&r.trail);
	return status;
}
