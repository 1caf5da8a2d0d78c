/*
 * doorward jws: sign and verify in the compact form (RFC 7515).
 */
#include "jose/jws/jws_sign.h"
#include "jose/jws/jws_verify.h"

#include "bin/command.h"
#include "bin/db/trail.h"
#include "bin/jose/opener.h"
#include "bin/jose/verdict.h"
#include "bin/keyfile/key_file.h"

static int
verify(int argc, char **argv)
{
	static const struct opener opener = { KEYSET_VERIFY_ANY, ALG_SIGN, jws_verify };

	return opener_run(argc, argv, &opener);
}

/*
 * Data that one of the site's own keys signs may be a token, so it is recorded first.
 */
static bool
write_down(const struct jwk *key, const char *typ)
{
	struct trail t;
	bool good;

	if (!trail_is_site_key(key->thumbprint))
		return true;
	trail_init(&t, "jws_signed", NULL);
	trail_put(&t, "kid", jwk_kid(key));
	trail_put(&t, "typ", str_of(typ));
	good = trail_first(&t);
	trail_done(&t);
	return good;
}

static int
sign_with(struct jwk *key, const char *typ, struct str payload, bool raw)
{
	struct buf token;
	int status;
	enum err e;

	if (key == NULL || (key->ops & JWK_OP_SIGN) == 0)
		return command_fail("no such key, or none that may sign now");
	buf_init(&token, JWS_MAX);
	e = jws_sign(key, typ, payload, &token);
	if (e != ERR_OK)
		status = command_fail("cannot sign: %s", err_text(e));
	else
		status = write_down(key, typ) && command_write_line(buf_str(&token), raw)
				 ? COMMAND_OK
				 : COMMAND_FAILED;
	buf_done(&token);
	return status;
}

static int
sign_payload(const char *keys, const char *kid, const char *typ, bool raw)
{
	struct keyset set;
	struct buf payload;
	struct why why = { "" };
	int64_t now;
	int status = COMMAND_FAILED;
	enum err e = key_file_load(keys, KEYSET_SIGN, &set, &why);

	if (e != ERR_OK)
		return e == ERR_UNSUPPORTED ? verdict_not_offered(keys, &why)
					    : COMMAND_FAILED;
	buf_init(&payload, COMMAND_INPUT_MAX);
	if (command_read_stdin(&payload) && command_now(&now))
		status =
			sign_with(kid == NULL ? keyset_signing_key(&set, NULL, now, NULL)
					      : keyset_find(&set, true, str_of(kid), now),
				  typ, buf_str(&payload), raw);
	buf_done(&payload);
	keyset_done(&set);
	return status;
}

static int
sign(int argc, char **argv)
{
	const char *keys = NULL;
	const char *kid = NULL;
	const char *typ = NULL;
	bool raw = false;
	const struct command_option options[] = { { "keys", .value = &keys },
						  { "kid", .value = &kid },
						  { "typ", .value = &typ },
						  { "raw", .flag = &raw },
						  { NULL } };

	if (!command_options(&argc, argv, options) || argc != 1 || keys == NULL)
		return COMMAND_MISUSED;
	return sign_payload(keys, kid, typ, raw);
}

int
jws_command(int argc, char **argv)
{
	static const struct command_action actions[] = { { "sign", sign },
							 { "verify", verify },
							 { NULL } };

	return command_dispatch(argc, argv, actions);
}
