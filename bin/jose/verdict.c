#include "bin/jose/verdict.h"

#include "base/base64url.h"
#include "bin/command.h"
#include "crypto/secret.h"
#include "jose/header.h"
#include "jose/keyset/keyset.h"
#include "json/json.h"

/* Do all parts after the header decode? */
static bool
is_well_formed(struct str token)
{
	bool good = true;

	while (token.n > 0 && good) {
		struct str part = str_cut(&token, '.');
		struct buf b;

		buf_init(&b, part.n + 2);
		good = base64url_decode(&b, part);
		buf_done(&b);
	}
	return good;
}

int
verdict_token(struct str token, enum alg_use use, enum jwt_refusal refusal)
{
	const char *what = use == ALG_SIGN ? "JWS" : "JWE";

	if (refusal == JWT_ACCEPTED)
		return COMMAND_OK;
	if (refusal == JWT_FAILED)
		return command_fail("the %s could not be checked: %s", what,
				    refusal_text(refusal));
	if (str_ends_with(token, STR("\n")))
		return command_no("invalid: more than one line end follows the token");
	if (refusal == JWT_UNSUPPORTED && is_well_formed(token)) {
		command_fail("%s", refusal_text(refusal));
		return COMMAND_UNSUPPORTED;
	}
	return command_no(
		"invalid: %s%s", refusal_text(refusal),
		refusal == JWT_MALFORMED
			? "; standard input wants one whole token, and nothing else"
			: "");
}

/* Does the JWK name a type, curve or algorithm that we do not know? */
static bool
names_a_stranger(const struct json_t *jwk)
{
	static const char *const types[] = { "oct", "RSA", "EC", "OKP" };
	bool known = false;
	struct str text;

	if (json_get_str(jwk, "alg", &text) == JSON_FOUND && alg_find(text) == NULL)
		return true;
	if (json_get_str(jwk, "crv", &text) == JSON_FOUND &&
	    curve_find(text) == CURVE_NONE)
		return true;
	if (json_get_str(jwk, "kty", &text) != JSON_FOUND)
		return false;
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		known = known || str_is(text, types[i]);
	return !known;
}

int
verdict_not_offered(const char *path, const struct why *why)
{
	const struct json_t *array = NULL;
	struct json_t *root = NULL;
	struct buf text;
	mode_t mode;
	bool stranger = false;

	buf_init(&text, KEYSET_BYTES);
	if (secret_read_any(path, KEYSET_BYTES, &text, &mode, NULL) == ERR_OK &&
	    json_parse(buf_str(&text), &json_usual, &root, NULL) == ERR_OK) {
		stranger = names_a_stranger(root);
		if (json_get_array(root, "keys", &array) == JSON_FOUND)
			for (size_t i = 0; i < json_count(array); i++)
				stranger =
					stranger || names_a_stranger(json_item(array, i));
	}
	json_free(root);
	buf_done(&text);
	command_fail("%s: %s", path, why->text);
	return stranger ? COMMAND_UNSUPPORTED : COMMAND_FAILED;
}

int
verdict_unfit(const char *path, struct str token, enum alg_use use, const struct why *why)
{
	struct str rest = token;
	struct header h;
	enum jwt_refusal refusal = header_parse(str_cut(&rest, '.'), use, &h);

	header_done(&h);
	if (compact_parts(token) != (use == ALG_SIGN ? 3 : 5) || !is_well_formed(token))
		return command_fail("%s: %s", path, why->text);
	if (refusal == JWT_UNSUPPORTED)
		return verdict_token(token, use, refusal);
	return verdict_not_offered(path, why);
}
