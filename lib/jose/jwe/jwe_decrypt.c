#include "jose/jwe/jwe_decrypt.h"

#include <openssl/err.h>
#include <string.h>

#include "base/base64url.h"
#include "crypto/random.h"
#include "crypto/secret.h"
#include "crypto/start.h"
#include "jose/jwe/jwe_content.h"
#include "jose/jwe/jwe_wrap.h"
#include "json/json.h"

enum part { PART_HEADER, PART_KEY, PART_IV, PART_TEXT, PART_TAG, PARTS };

/* A token during decryption: its parts, as received and decoded, and its key. */
struct opening {
	const struct header *h;
	struct jwk *key;
	const struct jwe_content *content;
	struct str part[PARTS];
	struct buf octets[PARTS]; /* PART_HEADER: not used */
	unsigned char cek[JWE_KEY_MAX];
};

/*
 * True if `key` may open a token with that header. A curve key without `alg` is for
 * all algorithms of the ECDH-ES family, because each of them derives its own key.
 */
static bool
is_algorithm_of(const struct jwk *key, const struct header *h)
{
	if (key->alg == h->alg)
		return true;
	if (h->alg->family == ALG_DIRECT)
		return key->alg == h->enc;
	return !key->alg_said && key->alg->family == ALG_ECDH_ES &&
	       h->alg->family == ALG_ECDH_ES;
}

static struct str
decoded(const struct opening *o, enum part part)
{
	return buf_str(&o->octets[part]);
}

static enum jwt_refusal
decode_parts(struct opening *o)
{
	for (int i = PART_KEY; i < PARTS; i++) {
		buf_init(&o->octets[i], o->part[i].n + 2);
		if (!base64url_decode(&o->octets[i], o->part[i]))
			return o->octets[i].failed ? JWT_FAILED : JWT_MALFORMED;
	}
	return JWT_ACCEPTED;
}

/*
 * Decode a base64url header parameter into `out`. If it is absent, `out` stays empty.
 */
static enum jwt_refusal
parameter(const struct header *h, const char *name, bool required, struct buf *out)
{
	struct str text;

	switch (json_get_str(h->json, name, &text)) {
	case JSON_ABSENT:
		return required ? JWT_HEADER : JWT_ACCEPTED;
	case JSON_WRONG:
		return JWT_HEADER;
	case JSON_FOUND:
		break;
	}
	if (!base64url_decode(out, text))
		return JWT_HEADER;
	return JWT_ACCEPTED;
}

static enum jwt_refusal
as_refusal(enum err e)
{
	return e == ERR_OK ? JWT_ACCEPTED : JWT_FAILED;
}

static enum jwt_refusal
open_direct(struct opening *o)
{
	const struct buf *secret = &o->key->secret;

	if (o->part[PART_KEY].n > 0)
		return JWT_MALFORMED;
	if (secret->n != o->content->key_size)
		return JWT_ALGORITHM;
	memcpy(o->cek, secret->p, secret->n);
	return JWT_ACCEPTED;
}

static enum jwt_refusal
open_gcmkw(struct opening *o)
{
	struct buf iv;
	struct buf tag;
	enum jwt_refusal r;

	buf_init(&iv, HEADER_MAX);
	buf_init(&tag, HEADER_MAX);
	if ((r = parameter(o->h, "iv", true, &iv)) == JWT_ACCEPTED &&
	    (r = parameter(o->h, "tag", true, &tag)) == JWT_ACCEPTED)
		r = as_refusal(jwe_gcmkw_unwrap(buf_str(&o->key->secret), buf_str(&iv),
						buf_str(&tag), decoded(o, PART_KEY),
						o->cek, o->content->key_size));
	buf_done(&iv);
	buf_done(&tag);
	return r;
}

/* The secret shared by our key and the header's epk. */
static enum jwt_refusal
agree(const struct opening *o, unsigned char secret[JWE_SECRET_MAX], size_t *n)
{
	const struct json_t *object;
	struct jwk epk;
	enum jwt_refusal r = JWT_HEADER;
	enum err e;

	if (json_get_object(o->h->json, "epk", &object) != JSON_FOUND)
		return JWT_HEADER;
	e = jwk_parse(object, JWK_FOR_ENCRYPTION, NULL, &epk, NULL);
	if (e == ERR_MEMORY || e == ERR_CRYPTO)
		r = JWT_FAILED;
	if (e == ERR_OK && epk.pkey != NULL && !epk.is_private &&
	    epk.type == o->key->type && epk.curve == o->key->curve) {
		e = jwe_ecdh_agree(o->key->pkey, epk.pkey, secret, n);
		r = e == ERR_SYNTAX ? JWT_HEADER : as_refusal(e);
	}
	jwk_done(&epk);
	return r;
}

/* The key that both sides derive: the CEK itself, or the key that wraps it. */
static enum jwt_refusal
derive(const struct opening *o, unsigned char *key, size_t key_size)
{
	bool direct = o->h->alg->key_size == 0;
	unsigned char secret[JWE_SECRET_MAX];
	struct buf apu;
	struct buf apv;
	size_t n;
	enum jwt_refusal r;

	buf_init(&apu, HEADER_MAX);
	buf_init(&apv, HEADER_MAX);
	if ((r = parameter(o->h, "apu", false, &apu)) == JWT_ACCEPTED &&
	    (r = parameter(o->h, "apv", false, &apv)) == JWT_ACCEPTED &&
	    (r = agree(o, secret, &n)) == JWT_ACCEPTED)
		r = as_refusal(
			jwe_concat_kdf((struct str){ (char *)secret, n },
				       str_of(direct ? o->h->enc->name : o->h->alg->name),
				       buf_str(&apu), buf_str(&apv), key, key_size));
	secret_wipe(secret, sizeof(secret));
	buf_done(&apu);
	buf_done(&apv);
	return r;
}

static enum jwt_refusal
open_ecdh(struct opening *o)
{
	unsigned char kek[32];
	size_t kek_size = o->h->alg->key_size;
	enum jwt_refusal r;

	if (kek_size == 0)
		return o->part[PART_KEY].n > 0 ? JWT_MALFORMED
					       : derive(o, o->cek, o->content->key_size);
	if ((r = derive(o, kek, kek_size)) == JWT_ACCEPTED)
		r = as_refusal(jwe_aeskw_unwrap((struct str){ (char *)kek, kek_size },
						decoded(o, PART_KEY), o->cek,
						o->content->key_size));
	secret_wipe(kek, sizeof(kek));
	return r;
}

/*
 * Replace the random content encryption key by the one in the token. If that fails,
 * the random key stays and no error is reported.
 */
static enum jwt_refusal
open_key(struct opening *o)
{
	switch (o->h->alg->family) {
	case ALG_DIRECT:
		return open_direct(o);
	case ALG_AES_KW:
		return as_refusal(jwe_aeskw_unwrap(buf_str(&o->key->secret),
						   decoded(o, PART_KEY), o->cek,
						   o->content->key_size));
	case ALG_AES_GCM_KW:
		return open_gcmkw(o);
	case ALG_RSA_OAEP:
		return as_refusal(jwe_rsa_oaep_unwrap(o->key->pkey, o->h->alg->digest,
						      decoded(o, PART_KEY), o->cek,
						      o->content->key_size));
	case ALG_ECDH_ES:
		return open_ecdh(o);
	default:
		return JWT_UNSUPPORTED;
	}
}

static enum jwt_refusal
open_content(struct opening *o, struct buf *plaintext)
{
	const struct jwe_sealed with = {
		.key = { (char *)o->cek, o->content->key_size },
		.iv = decoded(o, PART_IV),
		.aad = o->part[PART_HEADER],
		.tag = decoded(o, PART_TAG),
	};
	bool authentic;

	if (jwe_content_decrypt(o->content, &with, decoded(o, PART_TEXT), plaintext,
				&authentic) != ERR_OK)
		return JWT_FAILED;
	return authentic ? JWT_ACCEPTED : JWT_DECRYPTION;
}

static enum jwt_refusal
open_token(struct opening *o, const struct keyset *set, int64_t now,
	   struct buf *plaintext)
{
	enum jwt_refusal r;

	o->key = keyset_find(set, o->h->has_kid, o->h->kid, now);
	if (o->key == NULL || (o->key->ops & JWK_OP_DECRYPT) == 0)
		return JWT_NO_KEY;
	if (!is_algorithm_of(o->key, o->h))
		return JWT_ALGORITHM;
	o->content = jwe_content_find(str_of(o->h->enc->name));
	if (o->content == NULL)
		return JWT_UNSUPPORTED;
	if (random_bytes(o->cek, sizeof(o->cek)) != ERR_OK)
		return JWT_FAILED;
	if ((r = decode_parts(o)) != JWT_ACCEPTED || (r = open_key(o)) != JWT_ACCEPTED)
		return r;
	return open_content(o, plaintext);
}

enum verdict
jwe_decrypt(const struct keyset *set, struct str token, int64_t now, struct header *h,
	    struct buf *plaintext, enum jwt_refusal *refusal)
{
	struct opening o = { .h = h };

	*refusal = JWT_TOO_LONG;
	*h = (struct header){ 0 };
	if (token.n > JWE_MAX)
		return VERDICT_DENY;
	*refusal = JWT_MALFORMED;
	if (!compact_split(token, o.part, PARTS))
		return VERDICT_DENY;
	*refusal = header_parse(o.part[PART_HEADER], ALG_ENCRYPT, h);
	if (*refusal == JWT_ACCEPTED)
		*refusal = open_token(&o, set, now, plaintext);
	if (*refusal == JWT_DECRYPTION && crypto_lacked_memory())
		*refusal = JWT_FAILED;
	secret_wipe(o.cek, sizeof(o.cek));
	for (int i = PART_KEY; i < PARTS; i++)
		buf_done(&o.octets[i]);
	ERR_clear_error();
	return *refusal == JWT_ACCEPTED ? VERDICT_ALLOW : VERDICT_DENY;
}
