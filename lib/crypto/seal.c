#include "crypto/seal.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <string.h>

#include "crypto/mac.h"
#include "crypto/random.h"
#include "crypto/secret.h"

#define KEY 32

static const unsigned char *
octets(struct str s)
{
	return (const unsigned char *)(s.n > 0 ? s.p : "");
}

/* A context that has the key, the nonce and the additional data; NULL on an error. */
static EVP_CIPHER_CTX *
start(const struct seal *with, const unsigned char nonce[SEAL_NONCE], int encrypt)
{
	EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL);
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	unsigned char key[KEY];
	int n;

	if (c == NULL || cipher == NULL || with->secret.n < KEY ||
	    mac_sha256(with->secret, with->purpose, key) != ERR_OK ||
	    EVP_CipherInit_ex2(c, cipher, key, nonce, encrypt, NULL) != 1 ||
	    EVP_CipherUpdate(c, NULL, &n, octets(with->about), (int)with->about.n) != 1) {
		EVP_CIPHER_CTX_free(c);
		c = NULL;
		ERR_clear_error();
	}
	secret_wipe(key, sizeof(key));
	EVP_CIPHER_free(cipher);
	return c;
}

enum err
seal_close(const struct seal *with, struct str plain, struct buf *out)
{
	unsigned char nonce[SEAL_NONCE], tag[SEAL_TAG], *to;
	EVP_CIPHER_CTX *c = NULL;
	enum err e;
	int n = 0, none = 0;

	if (!buf_reserve(out, plain.n + SEAL_MORE))
		return ERR_MEMORY;
	if ((e = random_bytes(nonce, sizeof(nonce))) != ERR_OK)
		return e;
	to = (unsigned char *)out->p + out->n;
	if ((c = start(with, nonce, 1)) == NULL ||
	    EVP_CipherUpdate(c, to + SEAL_NONCE, &n, octets(plain), (int)plain.n) != 1 ||
	    EVP_CipherFinal_ex(c, to + SEAL_NONCE + n, &none) != 1 ||
	    (size_t)(n + none) != plain.n ||
	    EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_GET_TAG, SEAL_TAG, tag) != 1) {
		ERR_clear_error();
		e = ERR_CRYPTO;
		goto out;
	}
	memcpy(to, nonce, SEAL_NONCE);
	memcpy(to + SEAL_NONCE + plain.n, tag, SEAL_TAG);
	out->n += plain.n + SEAL_MORE;
out:
	out->p[out->n] = '\0';
	EVP_CIPHER_CTX_free(c);
	return e;
}

enum err
seal_open(const struct seal *with, struct str sealed, struct buf *out, bool *good)
{
	unsigned char *to, tag[SEAL_TAG];
	EVP_CIPHER_CTX *c;
	enum err e = ERR_CRYPTO;
	size_t plain;
	int n = 0, none = 0;

	*good = false;
	if (sealed.n < SEAL_MORE)
		return ERR_OK;
	plain = sealed.n - SEAL_MORE;
	if (!buf_reserve(out, plain))
		return ERR_MEMORY;
	if ((c = start(with, octets(sealed), 0)) == NULL)
		return ERR_CRYPTO;
	to = (unsigned char *)out->p + out->n;
	memcpy(tag, sealed.p + SEAL_NONCE + plain, SEAL_TAG);
	if (EVP_CipherUpdate(c, to, &n, octets(sealed) + SEAL_NONCE, (int)plain) != 1 ||
	    EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_SET_TAG, SEAL_TAG, tag) != 1)
		goto out;
	e = ERR_OK;
	*good = EVP_CipherFinal_ex(c, to + n, &none) == 1;
out:
	ERR_clear_error();
	if (*good)
		out->n += plain;
	else
		secret_wipe(to, plain);
	out->p[out->n] = '\0';
	EVP_CIPHER_CTX_free(c);
	return e;
}
