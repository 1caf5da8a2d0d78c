/*
 * doorward jwe: encrypt and decrypt in the compact form (RFC 7516).
 */
#include "jose/jwe/jwe_decrypt.h"
#include "jose/jwe/jwe_encrypt.h"

#include "bin/command.h"
#include "bin/jose/opener.h"
#include "bin/jose/verdict.h"
#include "bin/keyfile/key_file.h"

static int
decrypt(int argc, char **argv)
{
	static const struct opener opener = { KEYSET_DECRYPT, ALG_ENCRYPT, jwe_decrypt };

	return opener_run(argc, argv, &opener);
}

struct encryption {
	const char *keys, *kid, *alg, *enc, *cty;
	bool raw;
};

/* The key that --kid names, or the one that is used now. */
static struct jwk *
choose_key(const struct keyset *set, const char *kid, int64_t now)
{
	return kid == NULL ? keyset_current(set, JWK_OP_ENCRYPT, now)
			   : keyset_find(set, true, str_of(kid), now);
}

static int
encrypt_with(struct jwk *key, const struct encryption *o, struct str plaintext)
{
	struct buf token;
	int status;
	enum err e;

	if (key == NULL)
		return command_fail("no such key, or none to encrypt to now");
	buf_init(&token, JWE_MAX);
	e = jwe_encrypt(key, o->alg == NULL ? NULL : alg_find(str_of(o->alg)),
			o->enc == NULL ? NULL : alg_find(str_of(o->enc)), o->cty,
			plaintext, &token);
	if (e == ERR_OK)
		status = command_write_line(buf_str(&token), o->raw) ? COMMAND_OK
								     : COMMAND_FAILED;
	else if (e == ERR_SYNTAX)
		status = command_fail("the key, --alg and --enc do not go together");
	else
		status = command_fail("cannot encrypt: %s", err_text(e));
	buf_done(&token);
	return e == ERR_UNSUPPORTED ? COMMAND_UNSUPPORTED : status;
}

static int
encrypt_payload(const struct encryption *o)
{
	struct keyset set;
	struct buf payload;
	struct why why = { "" };
	int64_t now;
	int status = COMMAND_FAILED;
	enum err e = key_file_load(o->keys, KEYSET_ENCRYPT, &set, &why);

	if (e != ERR_OK)
		return e == ERR_UNSUPPORTED ? verdict_not_offered(o->keys, &why)
					    : COMMAND_FAILED;
	buf_init(&payload, COMMAND_INPUT_MAX);
	if (command_read_stdin(&payload) && command_now(&now))
		status =
			encrypt_with(choose_key(&set, o->kid, now), o, buf_str(&payload));
	buf_done(&payload);
	keyset_done(&set);
	return status;
}

/* False, after a complaint, if a name is not supported at that place. */
static bool
is_offered(const char *option, const char *name, bool as_enc)
{
	const struct alg *alg = name == NULL ? NULL : alg_find(str_of(name));
	bool is_enc = alg != NULL &&
		      (alg->family == ALG_AES_GCM || alg->family == ALG_AES_CBC_HMAC);

	if (name == NULL || (alg != NULL && alg->use == ALG_ENCRYPT && is_enc == as_enc))
		return true;
	command_fail("--%s: %s is not offered", option, name);
	return false;
}

static int
encrypt(int argc, char **argv)
{
	struct encryption o = { 0 };
	const struct command_option options[] = { { "keys", .value = &o.keys },
						  { "kid", .value = &o.kid },
						  { "alg", .value = &o.alg },
						  { "enc", .value = &o.enc },
						  { "cty", .value = &o.cty },
						  { "raw", .flag = &o.raw },
						  { NULL } };

	if (!command_options(&argc, argv, options) || argc != 1 || o.keys == NULL)
		return COMMAND_MISUSED;
	if (!is_offered("alg", o.alg, false) || !is_offered("enc", o.enc, true))
		return COMMAND_UNSUPPORTED;
	return encrypt_payload(&o);
}

int
jwe_command(int argc, char **argv)
{
	static const struct command_action actions[] = { { "encrypt", encrypt },
							 { "decrypt", decrypt },
							 { NULL } };

	return command_dispatch(argc, argv, actions);
}
