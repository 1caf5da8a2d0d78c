/* doorward token: show an access token, verify one. */
#include <stdio.h>

#include "base/base64url.h"
#include "bin/command.h"
#include "bin/jose/token.h"
#include "bin/jose/verdict.h"
#include "jose/jwt/jwt_unseal.h"
#include "token/token.h"
#include "json/json.h"

/* ---- inspect ---- */

/* Append a part's JSON unchanged, or null if it is none. */
static bool
put_part(struct buf *out, const char *name, struct str part)
{
	struct json_t *root = NULL;
	struct buf text;

	buf_init(&text, COMMAND_INPUT_MAX);
	if (base64url_decode(&text, part))
		json_parse(buf_str(&text), &json_usual, &root, NULL);
	json_put_name(out, name);
	if (root != NULL)
		json_put_value(out, root);
	else
		json_put_null(out);
	json_free(root);
	buf_done(&text);
	return root != NULL;
}

static int
show(struct str token)
{
	enum alg_use use = jwt_is_sealed(token) ? ALG_ENCRYPT : ALG_SIGN;
	struct str rest = token;
	struct str first = str_cut(&rest, '.');
	struct header h;
	struct buf out;
	enum jwt_refusal refusal = JWT_MALFORMED;
	bool good;

	buf_init(&out, COMMAND_INPUT_MAX);
	json_put_open(&out, '{');
	json_put_member_bool(&out, "verified", false);
	good = put_part(&out, "header", first);
	if (use == ALG_SIGN)
		good = put_part(&out, "claims", str_cut(&rest, '.')) && good;
	json_put_close(&out, '}');
	buf_addc(&out, '\n');
	fputs("doorward: NOT VERIFIED: anyone can have written this\n", stderr);
	if (use == ALG_ENCRYPT)
		fputs("doorward: the claims are encrypted\n", stderr);
	command_write(buf_str(&out));
	buf_done(&out);
	if (good && compact_parts(token) == (use == ALG_SIGN ? 3 : 5)) {
		refusal = header_parse(first, use, &h);
		header_done(&h);
	}
	return verdict_token(token, use, refusal);
}

static int
inspect(int argc, char **argv)
{
	bool json = false;
	const struct command_option options[] = { { "json", .flag = &json }, { NULL } };
	struct buf token;
	int status = COMMAND_FAILED;

	if (!command_options(&argc, argv, options) || argc != 1)
		return COMMAND_MISUSED;
	buf_init(&token, COMMAND_INPUT_MAX);
	if (command_read_token(&token))
		status = show(buf_str(&token));
	buf_done(&token);
	return status;
}

/* ---- verify ---- */

/* The keys that the settings name for it. Without decryption_keys `n` is 0. */
static enum err
load_keys(const struct config *config, struct keyset *verifying,
	  struct keyset *decryption, struct why *why)
{
	enum err e = config_need(config, "verifying_keys", why);

	*verifying = *decryption = (struct keyset){ 0 };
	if (e == ERR_OK)
		e = keyset_load(config->verifying_keys, KEYSET_VERIFY_ANY, verifying,
				why);
	if (e == ERR_OK && config->decryption_keys != NULL)
		e = keyset_load(config->decryption_keys, KEYSET_DECRYPT, decryption, why);
	return e;
}

static int
judge(const struct config *config, struct str token, bool raw)
{
	const struct jwt_policy policy = { .issuer = str_of(config->issuer),
					   .audience = str_of(config->audience),
					   .typ = STR(TOKEN_TYPE),
					   .leeway = config->clock_leeway };
	struct keyset verifying, decryption;
	struct claims c;
	struct why why = { "" };
	enum jwt_refusal refusal = JWT_REFUSED;
	int64_t now;
	int status;

	claims_init(&c);
	if (load_keys(config, &verifying, &decryption, &why) != ERR_OK)
		status = command_fail("%s", why.text);
	else if (!command_now(&now))
		status = COMMAND_FAILED;
	else if (jwt_open(decryption.n == 0 ? NULL : &decryption, &verifying, &policy,
			  token, now, &c, &refusal) == VERDICT_ALLOW)
		status = command_write_line(buf_str(&c.payload), raw) ? COMMAND_OK
								      : COMMAND_FAILED;
	else
		status = verdict_token(token, ALG_SIGN, refusal);
	claims_done(&c);
	keyset_done(&verifying);
	keyset_done(&decryption);
	return status;
}

static int
verify(int argc, char **argv)
{
	bool raw = false;
	bool json = false;
	const struct command_option options[] = { { "raw", .flag = &raw },
						  { "json", .flag = &json },
						  { NULL } };
	struct config config;
	struct buf token;
	int status = COMMAND_FAILED;

	if (!command_options(&argc, argv, options) || argc != 1)
		return COMMAND_MISUSED;
	if (!command_config(&config))
		return COMMAND_FAILED;
	buf_init(&token, COMMAND_INPUT_MAX);
	if (command_read_token(&token))
		status = judge(&config, buf_str(&token), raw);
	buf_done(&token);
	config_done(&config);
	return status;
}

int
token_command(int argc, char **argv)
{
	static const struct command_action actions[] = {
		{ "issue", token_issue_command },
		{ "list", token_list },
		{ "end", token_end },
		{ "inspect", inspect },
		{ "verify", verify },
		{ NULL },
	};

	return command_dispatch(argc, argv, actions);
}
