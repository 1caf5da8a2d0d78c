/*
 * doorward key new.
 */
#include "bin/key/key.h"

#include <stdio.h>
#include <string.h>

#include "json/json.h"

struct new_key {
	const char *alg, *use, *bits, *crv, *kid, *out, *group;
	bool json;
	bool alone; /* no other key is in use there */
	struct trail trail;
};

/* The algorithm, or NULL with the exit status. */
static const struct alg *
choose_alg(const struct new_key *o, int *status)
{
	bool enc = o->use != NULL && strcmp(o->use, "enc") == 0;
	const char *name = o->alg != NULL ? o->alg : enc ? "ECDH-ES" : "ES256";
	const struct alg *alg = alg_find(str_of(name));

	*status = COMMAND_FAILED;
	if (o->use != NULL && !enc && strcmp(o->use, "sig") != 0) {
		command_fail("--use is sig or enc");
		return NULL;
	}
	if (alg == NULL) {
		command_fail("%s is not offered", name);
		*status = COMMAND_UNSUPPORTED;
		return NULL;
	}
	if (o->use != NULL && enc != (alg->use == ALG_ENCRYPT)) {
		command_fail("%s is not for --use %s", name, o->use);
		return NULL;
	}
	if (strcmp(name, "RSA-OAEP") == 0) {
		command_fail("RSA-OAEP is offered to read only; take RSA-OAEP-256");
		return NULL;
	}
	return alg;
}

static bool
make(const struct new_key *o, const struct alg *alg, int64_t now, struct jwk *key)
{
	enum curve curve = o->crv == NULL ? CURVE_NONE : curve_find(str_of(o->crv));
	int64_t bits = 0;
	struct why why;

	*key = (struct jwk){ 0 };
	if (o->bits != NULL &&
	    (alg->type != KEY_RSA || !str_to_int(str_of(o->bits), 2048, 8192, &bits)))
		return command_fail("--bits is for RSA keys, from 2048 to 8192") ==
		       COMMAND_OK;
	if (o->crv != NULL &&
	    (curve == CURVE_NONE || curve == CURVE_ED25519 || alg->family != ALG_ECDH_ES))
		return command_fail("--crv is for ECDH-ES: P-256, P-384, P-521 or "
				    "X25519") == COMMAND_OK;
	if (o->kid != NULL &&
	    (strlen(o->kid) > JWK_KID_MAX || !str_is_utf8(str_of(o->kid))))
		return command_fail("--kid: at most %d bytes of UTF-8", JWK_KID_MAX) ==
		       COMMAND_OK;
	if (jwk_make(alg, (unsigned)bits, curve, now, key, &why) != ERR_OK)
		return command_fail("%s", why.text) == COMMAND_OK;
	if (o->kid != NULL) {
		key->kid_n = strlen(o->kid);
		memcpy(key->kid, o->kid, key->kid_n + 1);
	}
	key->kid_said = true;
	return true;
}

static int
report(const struct new_key *o, const struct jwk *key)
{
	struct buf out;
	bool good;

	buf_init(&out, JWK_MAX);
	if (o->json)
		key_put_json(&out, key, NULL, false);
	else
		buf_add(&out, jwk_kid(key));
	buf_addc(&out, '\n');
	good = command_write(buf_str(&out));
	buf_done(&out);
	return good ? COMMAND_OK : COMMAND_FAILED;
}

/* Add to `path`, which is the settings' path if `c` is not NULL. */
static int
add(struct new_key *o, const struct config *c, const char *path, struct jwk *key,
    int64_t now)
{
	struct key_dir dir;
	struct why why;
	int status = COMMAND_FAILED;

	if (key_dir_open(&dir, path, true, &why) != ERR_OK)
		command_fail("%s", why.text);
	else if (!key_set_group(&dir, o->group))
		command_fail("there is no group %s", o->group);
	else if (c != NULL && key_check_alg(c, &dir.set, key->alg, now, &why) != ERR_OK)
		command_fail("%s", why.text);
	else {
		o->alone = dir.set.n == 0;
		if (key_is_in_use(&dir.set, key->alg, now))
			key->nbf = now + KEY_AHEAD;
		if (key_dir_add(&dir, key, &why) == ERR_OK) {
			key_put_trail(&o->trail, key, path);
			status = COMMAND_OK;
		} else {
			command_fail("%s", why.text);
		}
	}
	key_dir_close(&dir);
	return status;
}

/* A further key must not begin to sign before the verifiers know it. */
static void
take_back(const char *path, const struct jwk *key, struct trail *trail)
{
	struct key_dir dir;
	struct why why;

	if (key_dir_open(&dir, path, false, &why) != ERR_OK ||
	    key_dir_remove(&dir, key->thumbprint, &why) != ERR_OK)
		command_fail("%s", why.text);
	else
		trail_put(trail, "removed", STR("yes"));
	key_dir_close(&dir);
}

static int
add_to_settings(struct new_key *o, struct jwk *key, int64_t now)
{
	struct config config;
	const char *path;
	int status = COMMAND_FAILED;

	if (!command_config(&config))
		return COMMAND_FAILED;
	path = key_path(&config,
			key->alg->use == ALG_SIGN ? "signing_keys" : "decryption_keys");
	if (path != NULL && key->type == KEY_OCT && key->alg->use == ALG_SIGN &&
	    (config.verifying_keys == NULL || strcmp(path, config.verifying_keys) != 0))
		command_fail("%s is a secret that verifies as well as signs: name one "
			     "path as signing_keys and verifying_keys",
			     key->alg->name);
	else if (path != NULL)
		status = add(o, &config, path, key, now);
	if (status == COMMAND_OK && !key_publish_settings(&config, now, &o->trail)) {
		if (!o->alone)
			take_back(path, key, &o->trail);
		status = COMMAND_FAILED;
	}
	config_done(&config);
	return status;
}

int
key_new(int argc, char **argv)
{
	struct new_key o = { 0 };
	const struct command_option options[] = { { "alg", .value = &o.alg },
						  { "use", .value = &o.use },
						  { "bits", .value = &o.bits },
						  { "crv", .value = &o.crv },
						  { "kid", .value = &o.kid },
						  { "out", .value = &o.out },
						  { "group", .value = &o.group },
						  { "json", .flag = &o.json },
						  { NULL } };
	const struct alg *alg;
	struct jwk key;
	int64_t now;
	int status;

	if (!command_options(&argc, argv, options) || argc != 1)
		return COMMAND_MISUSED;
	if ((alg = choose_alg(&o, &status)) == NULL)
		return status;
	status = COMMAND_FAILED;
	if (command_now(&now) && make(&o, alg, now, &key)) {
		trail_init(&o.trail, "key_made", NULL);
		status = o.out != NULL ? add(&o, NULL, o.out, &key, now)
				       : add_to_settings(&o, &key, now);
		if (status == COMMAND_OK)
			status = report(&o, &key);
		status = trail_after(&o.trail, status);
		trail_done(&o.trail);
		jwk_done(&key);
	}
	return status;
}
