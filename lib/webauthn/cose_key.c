#include "webauthn/cose_key.h"

#include "base/base64url.h"
#include "jose/alg.h"
#include "webauthn/cbor.h"
#include "json/json.h"

/* Labels of COSE_Key parameters. Below zero they depend on kty. */
enum { KTY = 1, ALG = 3, CRV = -1, X = -2, Y = -3, N = -1, E = -2 };

/* RFC 9053, 7.1 and 7.2: kty and crv. */
enum { OKP = 1, EC2 = 2, RSA = 3, P256 = 1, ED25519 = 6 };

static const struct offer {
	int64_t alg, kty, crv; /* of COSE; no crv: 0 */
	const char *alg_name, *kty_name, *crv_name;
	struct number {
		int64_t label;
		const char *name;
	} numbers[2];
	uint64_t pairs; /* all members that such a key has */
} offers[] = {
	{ -8, OKP, ED25519, "EdDSA", "OKP", "Ed25519", { { X, "x" } }, 4 },
	{ -7, EC2, P256, "ES256", "EC", "P-256", { { X, "x" }, { Y, "y" } }, 5 },
	{ -257, RSA, 0, "RS256", "RSA", NULL, { { N, "n" }, { E, "e" } }, 4 },
};

#define N_OFFERS (sizeof(offers) / sizeof(*offers))

int
cose_key_alg(size_t i)
{
	return i < N_OFFERS ? (int)offers[i].alg : 0;
}

static const struct offer *
find_offer(int64_t alg)
{
	for (size_t i = 0; i < N_OFFERS; i++)
		if (offers[i].alg == alg)
			return &offers[i];
	return NULL;
}

static bool
get_int(const struct cbor *map, int64_t label, int64_t *value)
{
	struct cbor item;

	return cbor_get_numbered(map, label, &item) && cbor_to_int(&item, value);
}

/* The key as a JWK, which jwk_parse examines. */
static enum err
put_jwk(const struct cbor *map, const struct offer *o, struct buf *out, struct why *why)
{
	struct cbor item;

	json_put_open(out, '{');
	json_put_member(out, "kty", str_of(o->kty_name));
	json_put_member(out, "alg", str_of(o->alg_name));
	if (o->crv_name != NULL)
		json_put_member(out, "crv", str_of(o->crv_name));
	for (const struct number *n = o->numbers; n < o->numbers + 2 && n->name; n++) {
		if (!cbor_get_numbered(map, n->label, &item) || item.kind != CBOR_BYTES)
			return why_set(why, ERR_SYNTAX,
				       "credential key: %s missing or no byte string",
				       n->name);
		json_put_name(out, n->name);
		buf_addc(out, '"');
		base64url_encode(out, item.data);
		buf_addc(out, '"');
	}
	json_put_close(out, '}');
	return out->failed ? why_set(why, ERR_LIMIT, "credential key: too long") : ERR_OK;
}

static enum err
parse_jwk(struct str jwk, struct jwk *key, struct why *why)
{
	struct json_t *root;
	struct why cause;
	enum err e = json_parse(jwk, &json_usual, &root, &cause);

	if (e == ERR_OK)
		e = jwk_parse(root, JWK_FOR_SIGNATURES, NULL, key, &cause);
	json_free(root);
	return e == ERR_OK ? ERR_OK : why_set(why, e, "credential key: %s", cause.text);
}

enum err
cose_key_read(struct str encoded, struct jwk *key, struct why *why)
{
	const struct offer *o;
	struct cbor map;
	struct buf jwk;
	int64_t alg, kty, crv = 0;
	enum err e = cbor_cut(&encoded, CBOR_CANONICAL_ORDER, &map, why);

	*key = (struct jwk){ 0 };
	if (e != ERR_OK)
		return e;
	if (!get_int(&map, ALG, &alg) || !get_int(&map, KTY, &kty))
		return why_set(why, ERR_SYNTAX,
			       "credential key: no map with kty and alg");
	if ((o = find_offer(alg)) == NULL)
		return why_set(why, ERR_UNSUPPORTED,
			       "credential key: the algorithm %lld is not offered",
			       (long long)alg);
	if (kty != o->kty)
		return why_set(why, ERR_SYNTAX, "credential key: kty does not fit alg");
	if (o->crv != 0 && (!get_int(&map, CRV, &crv) || crv != o->crv))
		return why_set(why, ERR_SYNTAX, "credential key: crv does not fit alg");
	if (map.n != o->pairs)
		return why_set(why, ERR_SYNTAX,
			       "credential key: a member is missing or too much");
	buf_init(&jwk, JWK_MAX);
	if ((e = put_jwk(&map, o, &jwk, why)) == ERR_OK)
		e = parse_jwk(buf_str(&jwk), key, why);
	buf_done(&jwk);
	return e;
}

bool
cose_key_is_offered(const struct jwk *key)
{
	for (size_t i = 0; i < N_OFFERS; i++)
		if (str_eq(str_of(key->alg->name), str_of(offers[i].alg_name)))
			return true;
	return key->alg->family == ALG_EDDSA; /* Ed25519 is its newer name: RFC 9864 */
}
