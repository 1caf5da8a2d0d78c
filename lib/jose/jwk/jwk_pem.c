#include "jose/jwk/jwk_pem.h"

#include <limits.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <string.h>

struct asking {
	jwk_passphrase *ask;
	bool asked;
};

/* This replaces OpenSSL's own callback, which would read from the terminal. */
static int
passphrase(char *to, int size, int writing, void *arg)
{
	struct asking *a = arg;
	struct buf b;
	int n = -1;

	(void)writing;
	a->asked = true;
	buf_init(&b, 1024);
	if (a->ask != NULL && a->ask(&b) && b.n <= (size_t)size) {
		memcpy(to, buf_z(&b), b.n);
		n = (int)b.n;
	}
	buf_done(&b);
	return n;
}

static EVP_PKEY *
read_pem(struct str pem, struct asking *a, bool *is_private)
{
	BIO *bio = BIO_new_mem_buf(pem.p, (int)pem.n);
	EVP_PKEY *pkey = NULL;

	*is_private = false;
	if (bio == NULL)
		return NULL;
	pkey = PEM_read_bio_PrivateKey(bio, NULL, passphrase, a);
	*is_private = pkey != NULL;
	if (pkey == NULL && BIO_reset(bio) == 1)
		pkey = PEM_read_bio_PUBKEY(bio, NULL, passphrase, a);
	BIO_free(bio);
	ERR_clear_error();
	return pkey;
}

enum err
jwk_from_pem(struct str pem, const struct alg *alg, jwk_passphrase *ask, struct jwk *key,
	     struct why *why)
{
	struct asking a = { ask, false };
	bool is_private;
	EVP_PKEY *pkey;
	enum err e;

	*key = (struct jwk){ 0 };
	if (pem.n > PEM_TEXT_MAX)
		return why_set(why, ERR_LIMIT, "longer than %d bytes", PEM_TEXT_MAX);
	if ((pkey = read_pem(pem, &a, &is_private)) == NULL)
		return why_set(why, ERR_SYNTAX,
			       a.asked ? "not a key that this passphrase opens"
				       : "no PEM key in it");
	e = jwk_from_pkey(pkey, is_private, alg, key, why);
	if (e != ERR_OK)
		EVP_PKEY_free(pkey);
	return e;
}

enum err
jwk_to_pem(const struct jwk *key, enum jwk_part part, struct buf *out)
{
	BIO *bio;
	char *text;
	long n;
	bool good;

	if (key->pkey == NULL || (part == JWK_WHOLE && !key->is_private))
		return ERR_PERMISSION;
	if ((bio = BIO_new(BIO_s_secmem())) == NULL)
		return ERR_MEMORY;
	good = part == JWK_PUBLIC
		       ? PEM_write_bio_PUBKEY(bio, key->pkey) == 1
		       : PEM_write_bio_PKCS8PrivateKey(bio, key->pkey, NULL, NULL, 0,
						       NULL, NULL) == 1;
	n = good ? BIO_get_mem_data(bio, &text) : -1;
	good = n > 0 && buf_add(out, (struct str){ text, (size_t)n });
	BIO_free(bio);
	ERR_clear_error();
	return good ? ERR_OK : ERR_CRYPTO;
}
