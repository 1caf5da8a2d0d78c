#include "jose/jwe/jwe_encrypt.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <string.h>

#include "base/base64url.h"
#include "crypto/random.h"
#include "crypto/secret.h"
#include "jose/header.h"
#include "jose/jwe/jwe_content.h"
#include "jose/jwe/jwe_wrap.h"
#include "json/json.h"

#define WRAPPED_MAX 1024 /* RSA with 8192 bits */

/* A token while it is built. */
struct sealing {
	struct jwk *key;
	const struct alg *alg;
	const struct jwe_content *content;
	struct buf header;  /* JSON that is not closed yet */
	struct buf wrapped; /* the encrypted key */
	unsigned char cek[JWE_KEY_MAX];
};

static struct str
cek_of(const struct sealing *s)
{
	return (struct str){ (const char *)s->cek, s->content->key_size };
}

static void
put_octets(struct buf *json, const char *name, const unsigned char *p, size_t n)
{
	struct buf b;

	buf_init(&b, BASE64URL_LENGTH(JWE_SECRET_MAX));
	base64url_encode(&b, (struct str){ (const char *)p, n });
	json_put_member(json, name, buf_str(&b));
	buf_done(&b);
}

/* The `enc` for a `dir` key of that size if the caller named none. */
static const char *
usual_enc(const struct jwk *key)
{
	if (key->alg->family == ALG_AES_GCM || key->alg->family == ALG_AES_CBC_HMAC)
		return key->alg->name;
	if (key->alg->family != ALG_DIRECT)
		return "A256GCM";
	switch (key->secret.n) {
	case 16:
		return "A128GCM";
	case 24:
		return "A192GCM";
	case 48:
		return "A192CBC-HS384";
	case 64:
		return "A256CBC-HS512";
	}
	return "A256GCM";
}

/* Choose alg and enc, or refuse. */
static enum err
choose(struct sealing *s, const struct alg *alg, const struct alg *enc)
{
	const struct alg *own = s->key->alg;
	bool named_enc = own->family == ALG_AES_GCM || own->family == ALG_AES_CBC_HMAC;

	if (named_enc && enc != NULL && enc != own)
		return ERR_SYNTAX;
	if (named_enc)
		own = alg_find(STR("dir"));
	s->alg = alg != NULL ? alg : own;
	if (s->alg != own && (s->key->alg_said || own->family != ALG_ECDH_ES ||
			      s->alg->family != ALG_ECDH_ES))
		return ERR_SYNTAX;
	if (s->alg->family == ALG_RSA_OAEP && strcmp(s->alg->name, "RSA-OAEP-256") != 0)
		return ERR_UNSUPPORTED;
	s->content =
		jwe_content_find(str_of(enc != NULL ? enc->name : usual_enc(s->key)));
	if (s->content == NULL)
		return ERR_SYNTAX;
	return (s->key->ops & JWK_OP_ENCRYPT) != 0 ? ERR_OK : ERR_PERMISSION;
}

static enum err
seal_gcmkw(struct sealing *s)
{
	unsigned char iv[JWE_GCMKW_IV];
	unsigned char tag[JWE_GCMKW_TAG];
	enum err e;

	if ((e = random_bytes(iv, sizeof(iv))) != ERR_OK ||
	    (e = jwe_gcmkw_wrap(buf_str(&s->key->secret),
				(struct str){ (char *)iv, sizeof(iv) }, cek_of(s),
				&s->wrapped, tag)) != ERR_OK)
		return e;
	put_octets(&s->header, "iv", iv, sizeof(iv));
	put_octets(&s->header, "tag", tag, sizeof(tag));
	return ERR_OK;
}

/* The ephemeral public key as a JWK (RFC 7518, 4.6.1.1). */
static enum err
put_epk(struct buf *header, enum curve curve, EVP_PKEY *epk)
{
	unsigned char point[1 + 2 * JWE_SECRET_MAX];
	size_t size = curve_size(curve);
	size_t n = 0;

	json_put_name(header, "epk");
	json_put_open(header, '{');
	json_put_member(header, "kty",
			str_of(curve_key_type(curve) == KEY_EC ? "EC" : "OKP"));
	json_put_member(header, "crv", str_of(curve_name(curve)));
	if (EVP_PKEY_get_octet_string_param(epk, "pub", point, sizeof(point), &n) != 1)
		return ERR_CRYPTO;
	if (curve_key_type(curve) == KEY_EC) {
		if (n != 1 + 2 * size || point[0] != 4)
			return ERR_CRYPTO;
		put_octets(header, "x", point + 1, size);
		put_octets(header, "y", point + 1 + size, size);
	} else {
		if (n != size)
			return ERR_CRYPTO;
		put_octets(header, "x", point, size);
	}
	json_put_close(header, '}');
	return ERR_OK;
}

/* An ephemeral key on the curve of `pkey`. */
static EVP_PKEY *
make_ephemeral(EVP_PKEY *pkey)
{
	EVP_PKEY_CTX *c = EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);
	EVP_PKEY *epk = NULL;

	if (c == NULL || EVP_PKEY_keygen_init(c) != 1 || EVP_PKEY_keygen(c, &epk) != 1)
		epk = NULL;
	EVP_PKEY_CTX_free(c);
	return epk;
}

/* The key that both sides derive: the CEK itself, or the key that wraps it. */
static enum err
derive(struct sealing *s, unsigned char *key, size_t key_size)
{
	const char *id = s->alg->key_size == 0 ? s->content->name : s->alg->name;
	unsigned char secret[JWE_SECRET_MAX];
	EVP_PKEY *epk = make_ephemeral(s->key->pkey);
	size_t n;
	enum err e = ERR_CRYPTO;

	if (epk != NULL && (e = jwe_ecdh_agree(epk, s->key->pkey, secret, &n)) == ERR_OK)
		e = jwe_concat_kdf((struct str){ (char *)secret, n }, str_of(id), STR(""),
				   STR(""), key, key_size);
	if (e == ERR_OK)
		e = put_epk(&s->header, s->key->curve, epk);
	secret_wipe(secret, sizeof(secret));
	EVP_PKEY_free(epk);
	return e;
}

static enum err
seal_ecdh(struct sealing *s)
{
	unsigned char kek[32];
	size_t n = s->alg->key_size;
	enum err e;

	if (n == 0)
		return derive(s, s->cek, s->content->key_size);
	if ((e = derive(s, kek, n)) == ERR_OK)
		e = jwe_aeskw_wrap((struct str){ (char *)kek, n }, cek_of(s),
				   &s->wrapped);
	secret_wipe(kek, sizeof(kek));
	return e;
}

static enum err
seal_key(struct sealing *s)
{
	switch (s->alg->family) {
	case ALG_DIRECT:
		if (s->key->secret.n != s->content->key_size)
			return ERR_SYNTAX;
		memcpy(s->cek, s->key->secret.p, s->key->secret.n);
		return ERR_OK;
	case ALG_AES_KW:
		return jwe_aeskw_wrap(buf_str(&s->key->secret), cek_of(s), &s->wrapped);
	case ALG_AES_GCM_KW:
		return seal_gcmkw(s);
	case ALG_RSA_OAEP:
		return jwe_rsa_oaep_wrap(s->key->pkey, s->alg->digest, cek_of(s),
					 &s->wrapped);
	case ALG_ECDH_ES:
		return seal_ecdh(s);
	default:
		return ERR_UNSUPPORTED;
	}
}

static void
open_header(struct sealing *s, const char *cty)
{
	json_put_open(&s->header, '{');
	json_put_member(&s->header, "alg", str_of(s->alg->name));
	json_put_member(&s->header, "enc", str_of(s->content->name));
	if (s->key->kid_said)
		json_put_member(&s->header, "kid", jwk_kid(s->key));
	if (cty != NULL)
		json_put_member(&s->header, "cty", str_of(cty));
}

static bool
put_part(struct buf *out, struct str octets)
{
	return buf_addc(out, '.') && base64url_encode(out, octets);
}

/* Write the five parts; the header is complete. */
static enum err
write_token(struct sealing *s, struct str plaintext, struct buf *out)
{
	unsigned char iv[JWE_IV_MAX];
	unsigned char tag[JWE_TAG_MAX];
	struct jwe_sealed with = { .key = cek_of(s),
				   .iv = { (char *)iv, s->content->iv_size } };
	struct buf text;
	struct buf aad;
	enum err e;

	buf_init(&text, plaintext.n + 64);
	buf_init(&aad, BASE64URL_LENGTH(HEADER_MAX));
	e = base64url_encode(&aad, buf_str(&s->header)) ? ERR_OK : ERR_MEMORY;
	with.aad = buf_str(&aad);
	if (e == ERR_OK)
		e = random_bytes(iv, s->content->iv_size);
	if (e == ERR_OK)
		e = jwe_content_encrypt(s->content, &with, plaintext, &text, tag);
	if (e == ERR_OK &&
	    !(buf_add(out, with.aad) && put_part(out, buf_str(&s->wrapped)) &&
	      put_part(out, with.iv) && put_part(out, buf_str(&text)) &&
	      put_part(out, (struct str){ (char *)tag, s->content->tag_size })))
		e = ERR_MEMORY;
	buf_done(&aad);
	buf_done(&text);
	return e;
}

enum err
jwe_encrypt(struct jwk *key, const struct alg *alg, const struct alg *enc,
	    const char *cty, struct str plaintext, struct buf *out)
{
	struct sealing s = { .key = key };
	size_t before = out->n;
	enum err e;

	if ((e = choose(&s, alg, enc)) != ERR_OK)
		return e;
	buf_init(&s.header, HEADER_MAX);
	buf_init(&s.wrapped, WRAPPED_MAX);
	open_header(&s, cty);
	if ((e = random_bytes(s.cek, sizeof(s.cek))) == ERR_OK)
		e = seal_key(&s);
	json_put_close(&s.header, '}');
	if (e == ERR_OK)
		e = write_token(&s, plaintext, out);
	if (e != ERR_OK)
		out->n = before;
	secret_wipe(s.cek, sizeof(s.cek));
	buf_done(&s.header);
	buf_done(&s.wrapped);
	ERR_clear_error();
	return e;
}
