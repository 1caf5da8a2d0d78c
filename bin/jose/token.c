/* doorward token: issue an access token, show one, verify one. */
#include <stdio.h>

#include "base/base64url.h"
#include "bin/command.h"
#include "bin/db/trail.h"
#include "bin/jose/token.h"
#include "bin/jose/verdict.h"
#include "bin/key/key.h"
#include "crypto/random.h"
#include "jose/jwt/jwt_unseal.h"
#include "ticket/ticket_fields.h"
#include "token/revocations.h"
#include "token/token.h"
#include "json/json.h"

#define LIFE_MAX (400 * 86400)

struct issue {
	const char *sub, *name, *life, *sid;
	const char *roles[CLAIMS_ROLES];
	size_t n_roles;
	const char *claims[CLAIMS_MORE]; /* NAME=JSON */
	size_t n_claims;
	bool raw;
};

/* ---- issue ---- */

/* A UUID of version 4 (RFC 9562, 5.4). */
static enum err
make_sid(char sid[TICKET_UUID_TEXT])
{
	unsigned char b[TICKET_UUID];
	enum err e = random_bytes(b, sizeof(b));

	b[6] = (b[6] & 0x0f) | 0x40;
	b[8] = (b[8] & 0x3f) | 0x80;
	ticket_get_uuid(b, sid);
	return e;
}

static enum err
fill_more(struct claims *c, const struct issue *o, struct why *why)
{
	for (size_t i = 0; i < o->n_claims; i++) {
		struct str json = str_of(o->claims[i]);
		struct str name = str_cut(&json, '=');
		enum err e = claims_add(c, name, json);

		if (e != ERR_OK)
			return why_set(
				why, e, "--claim %.*s: %s", STR_ARG(str_sub(name, 0, 64)),
				e == ERR_EXISTS ? "it is given twice, or a claim of ours"
				: e == ERR_LIMIT
					? "too long, or too many"
					: "NAME=JSON is wanted: n=1, or t='\"text\"'");
	}
	return ERR_OK;
}

static void
fill_claims(struct claims *c, const struct issue *o)
{
	c->client_id = STR(IDENTITY_PROGRAM_ID);
	c->sub = str_of(o->sub);
	c->preferred_username = str_of(o->name);
	c->sid = str_of(o->sid);
	for (size_t i = 0; i < o->n_roles; i++)
		c->roles[c->n_roles++] = str_of(o->roles[i]);
}

static enum err
open_signer(const struct config *config, struct signer *s, struct why *why)
{
	const struct signer_keys keys = {
		.signing = config->signing_keys,
		.encryption = config->token_encryption ? config->encryption_keys : NULL,
		.alg = config->signing_alg,
	};
	enum err e = config_need(config, "signing_keys", why);

	*s = (struct signer){ .encrypts = false };
	if (e == ERR_OK && config->token_encryption)
		e = config_need(config, "encryption_keys", why);
	return e != ERR_OK ? e
			   : signer_open(s, &keys, str_of(config->issuer),
					 str_of(config->audience), why);
}

/* Who issued it, and for whom: everything but the token. */
static bool
write_down(const struct issue *o, const struct config *config, struct str jti,
	   int64_t life)
{
	char seconds[24];
	struct trail t;
	bool good;

	trail_init(&t, "token_issued", config);
	t.subject = o->sub;
	t.sid = o->sid;
	snprintf(seconds, sizeof(seconds), "%llds", (long long)life);
	trail_put(&t, "life", str_of(seconds));
	trail_put(&t, "jti", jti);
	trail_put(&t, "sub", str_of(o->sub));
	for (size_t i = 0; i < o->n_roles; i++)
		trail_put(&t, "role", str_of(o->roles[i]));
	for (size_t i = 0; i < o->n_claims; i++)
		trail_put(&t, "claim", str_of(o->claims[i]));
	trail_put(&t, "name", str_of(o->name));
	good = trail_first(&t);
	trail_done(&t);
	return good;
}

/* Rotation knows how long tokens of logins live. It must be told about others. */
static enum err
keep_key(const struct config *config, int64_t now, int64_t life, struct key_dir *dir,
	 struct why *why)
{
	*dir = (struct key_dir){ .lock = -1 };
	if (config->signing_keys == NULL ||
	    life <= key_longest_life(config) - key_grace(config))
		return ERR_OK;
	return key_keep(config, now, now + life, dir, why);
}

/* Nothing stays in `token` that is not in the audit. */
static enum err
make_token(const struct issue *o, const struct config *config, int64_t now, int64_t life,
	   struct buf *token, struct why *why)
{
	struct signer signer = { .encrypts = false };
	struct key_dir dir;
	struct claims c;
	struct buf jti;
	enum err e;

	claims_init(&c);
	buf_init(&jti, 64);
	fill_claims(&c, o);
	if ((e = keep_key(config, now, life, &dir, why)) == ERR_OK)
		e = open_signer(config, &signer, why);
	if (e == ERR_OK)
		e = fill_more(&c, o, why);
	if (e == ERR_OK)
		e = token_sign(&signer, &c, now, life, &jti, token, why);
	if (e == ERR_OK && !write_down(o, config, buf_str(&jti), life))
		e = why_set(why, ERR_DATABASE, "no token: it could not be written down");
	if (e != ERR_OK)
		buf_clear(token);
	claims_done(&c);
	buf_done(&jti);
	signer_close(&signer);
	key_dir_close(&dir);
	return e;
}

enum err
token_make(const struct config *config, const char *sub, int64_t now, int64_t life,
	   struct buf *token, struct why *why)
{
	char sid[TICKET_UUID_TEXT];
	struct issue o = { .sub = sub, .name = sub, .sid = sid };
	enum err e = make_sid(sid);

	if (e != ERR_OK)
		return why_set(why, e, "no random bytes");
	return make_token(&o, config, now, life, token, why);
}

static int
issue(int argc, char **argv)
{
	struct issue o = { 0 };
	const struct command_option options[] = {
		{ "sub", .value = &o.sub },
		{ "name", .value = &o.name },
		{ "life", .value = &o.life },
		{ "sid", .value = &o.sid },
		{ "role", .values = o.roles, .n = &o.n_roles, .max = CLAIMS_ROLES },
		{ "claim", .values = o.claims, .n = &o.n_claims, .max = CLAIMS_MORE },
		{ "raw", .flag = &o.raw },
		{ NULL }
	};
	char sid[TICKET_UUID_TEXT];
	struct config config;
	struct buf token;
	struct why why = { "" };
	int64_t now, life;
	int status = COMMAND_FAILED;

	if (!command_options(&argc, argv, options) || argc != 1 || o.sub == NULL ||
	    o.sub[0] == '\0')
		return COMMAND_MISUSED;
	if (!command_config(&config))
		return COMMAND_FAILED;
	life = config.token_life;
	if (o.sid == NULL && make_sid(sid) == ERR_OK)
		o.sid = sid;
	buf_init(&token, 2 * JWT_MAX);
	if (!command_now(&now) ||
	    (o.life != NULL && !command_duration("life", o.life, &life)))
		status = COMMAND_FAILED;
	else if (life < 1 || life > LIFE_MAX)
		status = command_fail("--life: from 1s to 400d");
	else if (!revocations_is_sid(str_of(o.sid)))
		status = command_fail("--sid: a UUID in small letters, or nothing could "
				      "revoke the token");
	else if (make_token(&o, &config, now, life, &token, &why) != ERR_OK)
		status = command_fail("%s", why.text);
	else
		status = command_write_line(buf_str(&token), o.raw) ? COMMAND_OK
								    : COMMAND_FAILED;
	buf_done(&token);
	config_done(&config);
	return status;
}

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
		{ "issue", issue }, { "inspect", inspect }, { "verify", verify }, { NULL }
	};

	return command_dispatch(argc, argv, actions);
}
