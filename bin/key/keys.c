#include "bin/key/keys.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/base64url.h"
#include "base/clock.h"
#include "base/text.h"
#include "bin/command.h"
#include "crypto/secret.h"
#include "json/json.h"

static enum err
load_file(const char *path, enum keyset_purpose purpose, struct keyset *set,
	  struct why *why)
{
	struct buf text;
	mode_t mode = 0;
	enum err e;

	*set = (struct keyset){ 0 };
	buf_init(&text, KEYSET_BYTES);
	if ((e = secret_read_any(path, KEYSET_BYTES, &text, &mode, why)) == ERR_OK) {
		e = keyset_parse(buf_str(&text), purpose, set, why);
		if (e == ERR_OK && keyset_is_secret(set) && secret_mode_is_open(mode))
			fprintf(stderr,
				"doorward: warning: %s holds a secret that others can "
				"read or write; chmod 0600\n",
				path);
		if (e != ERR_OK && e != ERR_UNSUPPORTED)
			command_fail("%s: %s", path, why->text);
	} else {
		command_fail("%s", why->text);
	}
	buf_done(&text);
	return e;
}

enum err
keys_load(const char *path, enum keyset_purpose purpose, struct keyset *set,
	  struct why *why)
{
	struct stat st;
	enum err e;

	if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode))
		return load_file(path, purpose, set, why);
	e = keyset_load(path, purpose, set, why);
	if (e != ERR_OK && e != ERR_UNSUPPORTED)
		command_fail("%s", why->text);
	return e;
}

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
keys_verdict(struct str token, enum alg_use use, enum jwt_refusal refusal)
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
	return command_no("invalid: %s", refusal_text(refusal));
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
keys_not_offered(const char *path, const struct why *why)
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
keys_unfit(const char *path, struct str token, enum alg_use use, const struct why *why)
{
	struct str rest = token;
	struct header h;
	enum jwt_refusal refusal = header_parse(str_cut(&rest, '.'), use, &h);

	header_done(&h);
	if (compact_parts(token) != (use == ALG_SIGN ? 3 : 5) || !is_well_formed(token))
		return command_fail("%s: %s", path, why->text);
	if (refusal == JWT_UNSUPPORTED)
		return keys_verdict(token, use, refusal);
	return keys_not_offered(path, why);
}

bool
keys_now(int64_t *now)
{
	if (clock_now(now) == ERR_OK)
		return true;
	command_fail("%s", err_text(ERR_CLOCK));
	return false;
}

bool
keys_write(struct str bytes, bool raw)
{
	return command_write(bytes) &&
	       (raw || !isatty(STDOUT_FILENO) || command_write(STR("\n")));
}

bool
keys_duration(const char *name, const char *text, int64_t *seconds)
{
	if (text_duration(str_of(text), INT64_C(4000) * 86400, seconds) == ERR_OK)
		return true;
	command_fail("--%s: %s is not a duration like 90s, 10m, 2h or 30d", name, text);
	return false;
}
