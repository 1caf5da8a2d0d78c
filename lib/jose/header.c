#include "jose/header.h"

#include <string.h>

#include "base/base64url.h"
#include "json/json.h"

static const struct json_limits limits = { .bytes = HEADER_MAX,
					   .depth = 4,
					   .values = 64 };

size_t
compact_parts(struct str token)
{
	size_t n = 1;

	for (size_t at; (at = str_index(token, '.')) < token.n; n++)
		token = str_sub(token, at + 1, token.n);
	return n;
}

bool
compact_split(struct str token, struct str *parts, size_t n)
{
	if (compact_parts(token) != n)
		return false;
	for (size_t i = 0; i < n; i++)
		parts[i] = str_cut(&token, '.');
	return true;
}

/*
 * Refused whatever their value: keys that a token contains or points to (RFC 8725,
 * 3.10), extensions that we would have to understand, and compression.
 */
static bool
has_forbidden(const struct json_t *json)
{
	static const char *const forbidden[] = { "crit", "b64", "jwk", "jku",
						 "x5u",  "x5c", "zip" };

	for (size_t i = 0; i < sizeof(forbidden) / sizeof(*forbidden); i++)
		if (json_has(json, forbidden[i]))
			return true;
	return false;
}

static bool
get_optional(const struct json_t *json, const char *name, bool *has, struct str *value)
{
	enum json_found f = json_get_str(json, name, value);

	*has = f == JSON_FOUND;
	return f != JSON_WRONG;
}

static enum jwt_refusal
find_algorithms(enum alg_use use, struct header *h)
{
	struct str name;

	if (json_get_str(h->json, "alg", &name) != JSON_FOUND)
		return JWT_HEADER;
	h->alg = alg_find(name);
	if (use == ALG_ENCRYPT) {
		if (json_get_str(h->json, "enc", &name) != JSON_FOUND)
			return JWT_HEADER;
		h->enc = alg_find(name);
		if (h->enc == NULL || h->enc->family < ALG_AES_GCM)
			return JWT_UNSUPPORTED;
	}
	if (h->alg == NULL || h->alg->use != use || h->alg->family >= ALG_AES_GCM)
		return JWT_UNSUPPORTED;
	return JWT_ACCEPTED;
}

static enum jwt_refusal
parse(struct str bytes, enum alg_use use, struct header *h)
{
	enum err e = json_parse(bytes, &limits, &h->json, NULL);

	if (e == ERR_MEMORY)
		return JWT_FAILED;
	if (e != ERR_OK || !json_holds_object(h->json))
		return JWT_MALFORMED;
	if (has_forbidden(h->json) ||
	    !get_optional(h->json, "kid", &h->has_kid, &h->kid) ||
	    !get_optional(h->json, "typ", &h->has_typ, &h->typ) ||
	    !get_optional(h->json, "cty", &h->has_cty, &h->cty))
		return JWT_HEADER;
	return find_algorithms(use, h);
}

enum jwt_refusal
header_parse(struct str encoded, enum alg_use use, struct header *h)
{
	char bytes[HEADER_MAX];
	size_t n;

	*h = (struct header){ 0 };
	if (encoded.n > BASE64URL_LENGTH(HEADER_MAX))
		return JWT_TOO_LONG;
	if (!base64url_decode_to(bytes, sizeof(bytes), &n, encoded))
		return JWT_MALFORMED;
	return parse((struct str){ bytes, n }, use, h);
}

void
header_done(struct header *h)
{
	if (h == NULL)
		return;
	json_free(h->json);
	*h = (struct header){ 0 };
}

bool
header_recall(const struct header_memo *memo, struct str encoded, struct header *h)
{
	if (memo == NULL || memo->n == 0 ||
	    !str_eq(encoded, (struct str){ memo->encoded, memo->n }))
		return false;
	*h = memo->header;
	return true;
}

void
header_remember(struct header_memo *memo, struct str encoded, const struct header *h)
{
	if (memo == NULL || encoded.n > sizeof(memo->encoded))
		return;
	header_forget(memo);
	memo->header = *h;
	memo->header.json = NULL;
	/*
	 * decoded strings are shorter than their source, so no string moves when the
	 * next one is added
	 */
	buf_init(&memo->text, HEADER_MEMO_MAX);
	if (!buf_reserve(&memo->text, encoded.n))
		return;
	memo->header.kid = buf_keep(&memo->text, h->kid);
	memo->header.typ = buf_keep(&memo->text, h->typ);
	memo->header.cty = buf_keep(&memo->text, h->cty);
	memcpy(memo->encoded, encoded.p, encoded.n);
	memo->n = encoded.n;
}

void
header_forget(struct header_memo *memo)
{
	memo->header = (struct header){ 0 };
	buf_done(&memo->text);
	memo->n = 0;
}
