/*
 * doorward key import and export.
 */
#include <stdio.h>
#include <string.h>

#include "bin/key/key.h"
#include "bin/password.h"
#include "jose/jwk/jwk_pem.h"

struct import {
	const char *alg, *use, *kid, *out, *group;
	bool pem;
	struct trail trail;
};

static bool
ask_passphrase(struct buf *out)
{
	return password_ask("Passphrase of the key: ", false, false, out);
}

/* The only key in a JWK's text. Its algorithm is its own. */
static enum err
read_jwk(struct str text, struct jwk *key, struct why *why)
{
	struct keyset set;
	enum err e = keyset_parse(text, KEYSET_MANAGE, &set, why);

	*key = (struct jwk){ 0 };
	if (e == ERR_OK && set.total != 1)
		e = why_set(why, ERR_SYNTAX, "more than one key");
	if (e == ERR_OK) {
		*key = set.keys[0];
		set.n = 0;
	}
	keyset_done(&set);
	return e;
}

static bool
set_kid(struct jwk *key, const char *kid)
{
	if (kid != NULL) {
		if (strlen(kid) > JWK_KID_MAX || !str_is_utf8(str_of(kid)))
			return false;
		key->kid_n = strlen(kid);
		memcpy(key->kid, kid, key->kid_n + 1);
	}
	key->kid_said = true;
	return true;
}

/*
 * With settings and `now`, if another key is in use, this one waits as a new one
 * would.
 */
static int
add(struct import *o, const struct config *c, const char *path, struct jwk *key,
    int64_t now)
{
	struct key_dir dir;
	struct why why;
	int status = COMMAND_FAILED;

	if (key_dir_open(&dir, path, true, &why) != ERR_OK) {
		command_fail("%s", why.text);
	} else if (!key_set_group(&dir, o->group)) {
		command_fail("there is no group %s", o->group);
	} else if (c != NULL &&
		   key_check_alg(c, &dir.set, key->alg, now, &why) != ERR_OK) {
		command_fail("%s", why.text);
	} else {
		key->iat = key->iat == 0 ? now : key->iat;
		if (now != 0 && key_is_in_use(&dir.set, key->alg, now))
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

static int
add_to_settings(struct import *o, struct jwk *key)
{
	struct config config;
	const char *path;
	int64_t now;
	int status = COMMAND_FAILED;

	if (!key->is_private)
		return command_fail(
			"a public key cannot sign here; say --out to keep it elsewhere");
	if (!command_now(&now) || !command_config(&config))
		return COMMAND_FAILED;
	path = key_path(&config,
			key->alg->use == ALG_SIGN ? "signing_keys" : "decryption_keys");
	if (path != NULL)
		status = add(o, &config, path, key, now);
	if (status == COMMAND_OK && !key_publish_settings(&config, now, &o->trail))
		status = COMMAND_FAILED;
	config_done(&config);
	return status;
}

static int
import_text(struct import *o, const struct alg *alg, struct str text)
{
	struct jwk key;
	struct why why = { "" };
	int status = COMMAND_FAILED;
	enum err e = o->pem ? jwk_from_pem(text, alg, ask_passphrase, &key, &why)
			    : read_jwk(text, &key, &why);

	trail_init(&o->trail, "key_imported", NULL);
	if (e != ERR_OK)
		command_fail("%s%s", why.text,
			     e == ERR_UNSUPPORTED && alg == NULL ? " (--alg ALG)"
			     : e != ERR_SYNTAX                   ? ""
			     : o->pem ? "; a JWK is imported without --pem"
				      : "; PEM is imported with --pem");
	else if (!set_kid(&key, o->kid))
		command_fail("--kid: at most %d bytes of UTF-8", JWK_KID_MAX);
	else
		status = o->out != NULL ? add(o, NULL, o->out, &key, 0)
					: add_to_settings(o, &key);
	if (status == COMMAND_OK &&
	    !(command_write(jwk_kid(&key)) && command_write(STR("\n"))))
		status = COMMAND_FAILED;
	status = trail_after(&o->trail, status);
	trail_done(&o->trail);
	jwk_done(&key);
	return status;
}

int
key_import(int argc, char **argv)
{
	struct import o = { 0 };
	const struct command_option options[] = { { "pem", .flag = &o.pem },
						  { "alg", .value = &o.alg },
						  { "use", .value = &o.use },
						  { "kid", .value = &o.kid },
						  { "out", .value = &o.out },
						  { "group", .value = &o.group },
						  { NULL } };
	const struct alg *alg = NULL;
	struct buf text;
	int status = COMMAND_FAILED;

	if (!command_options(&argc, argv, options) || argc != 1)
		return COMMAND_MISUSED;
	if (!o.pem && o.alg != NULL)
		return command_fail("a JWK names its alg itself; --alg is for --pem");
	if (o.alg == NULL && o.use != NULL && strcmp(o.use, "enc") == 0)
		alg = alg_find(STR("ECDH-ES"));
	if (o.alg != NULL && (alg = alg_find(str_of(o.alg))) == NULL) {
		command_fail("%s is not offered", o.alg);
		return COMMAND_UNSUPPORTED;
	}
	buf_init(&text, PEM_TEXT_MAX);
	if (command_read_stdin(&text))
		status = import_text(&o, alg, buf_str(&text));
	buf_done(&text);
	return status;
}

/* ---- export ---- */

static int
write_key(const struct jwk *key, bool pem, enum jwk_part part)
{
	struct buf out;
	int status = COMMAND_FAILED;
	enum err e;

	buf_init(&out, PEM_TEXT_MAX);
	e = pem ? jwk_to_pem(key, part, &out) : jwk_write(key, part, &out);
	if (!pem)
		buf_addc(&out, '\n');
	if (e == ERR_PERMISSION && key->type == KEY_OCT)
		command_fail("a secret (oct) key has no public part and no PEM form");
	else if (e == ERR_PERMISSION)
		command_fail("the private part is not there; say --public");
	else if (e != ERR_OK)
		command_fail("cannot write the key: %s", err_text(e));
	else if (command_write(buf_str(&out)))
		status = COMMAND_OK;
	buf_done(&out);
	return status;
}

/* A private key that is exported is recorded first. A public part is no secret. */
static bool
write_down(const struct jwk *key, enum jwk_part part, const char *path)
{
	struct trail trail;
	bool good;

	if (part == JWK_PUBLIC || !key->is_private)
		return true;
	trail_init(&trail, "key_exported", NULL);
	key_put_trail(&trail, key, path);
	good = trail_first(&trail);
	trail_done(&trail);
	return good;
}

static int
export_from(const char *path, const char *word, bool pem, enum jwk_part part)
{
	struct keyset set;
	struct why why = { "" };
	struct jwk *key;
	int64_t now;
	int status;
	enum err e = key_file_load(path, KEYSET_MANAGE, &set, &why);

	if (e == ERR_UNSUPPORTED)
		command_fail("%s: %s", path, why.text);
	if (e != ERR_OK || !command_now(&now)) {
		keyset_done(&set);
		return COMMAND_FAILED;
	}
	key = word != NULL ? key_find(&set, word)
	      : set.n == 1 ? &set.keys[0]
			   : keyset_signing_key(&set, NULL, now, NULL);
	if (key == NULL)
		status = command_no("%s; `doorward key list` shows them all",
				    word != NULL ? "there is no such key"
						 : "which key? name its kid");
	else
		status = write_down(key, part, path) ? write_key(key, pem, part)
						     : COMMAND_FAILED;
	keyset_done(&set);
	return status;
}

int
key_export(int argc, char **argv)
{
	const char *keys = NULL;
	bool pem = false, public = false;
	const struct command_option options[] = { { "pem", .flag = &pem },
						  { "public", .flag = &public },
						  { "keys", .value = &keys },
						  { NULL } };
	struct config config = { 0 };
	int status = COMMAND_FAILED;

	if (!command_options(&argc, argv, options) || argc > 2)
		return COMMAND_MISUSED;
	if (keys == NULL && !command_config(&config))
		return COMMAND_FAILED;
	if (keys == NULL)
		keys = key_path(&config, "signing_keys");
	if (keys != NULL)
		status = export_from(keys, argc == 2 ? argv[1] : NULL, pem,
				     public ? JWK_PUBLIC : JWK_WHOLE);
	config_done(&config);
	return status;
}
