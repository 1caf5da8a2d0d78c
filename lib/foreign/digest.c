#include <limits.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>

#include "foreign/foreign_parts.h"

/* OpenSSL refuses none of these by itself: what fails, lacks memory. */
static enum err
result(bool good)
{
	return good ? ERR_OK : ERR_MEMORY;
}

struct digest {
	EVP_MD *md;
	EVP_MD_CTX *context;
};

enum err
digest_open(struct digest **d, const char *name)
{
	*d = calloc(1, sizeof(**d));
	if (*d == NULL)
		return ERR_MEMORY;
	(*d)->md = EVP_MD_fetch(NULL, name, NULL);
	(*d)->context = EVP_MD_CTX_new();
	if ((*d)->md != NULL && (*d)->context != NULL)
		return ERR_OK;
	digest_close(*d);
	*d = NULL;
	return ERR_MEMORY;
}

void
digest_close(struct digest *d)
{
	if (d == NULL)
		return;
	EVP_MD_CTX_free(d->context);
	EVP_MD_free(d->md);
	free(d);
}

enum err
digest_begin(struct digest *d)
{
	return result(EVP_DigestInit_ex2(d->context, d->md, NULL) == 1);
}

enum err
digest_add(struct digest *d, struct str bytes)
{
	return result(EVP_DigestUpdate(d->context, bytes.p, bytes.n) == 1);
}

enum err
digest_end(struct digest *d, unsigned char out[DIGEST_MAX])
{
	return result(EVP_DigestFinal_ex(d->context, out, NULL) == 1);
}

enum err
digest_pbkdf2(const char *name, struct str password, struct str salt, int64_t iterations,
	      unsigned char *out, size_t n)
{
	EVP_MD *md = EVP_MD_fetch(NULL, name, NULL);
	bool good = md != NULL && password.n <= INT_MAX && salt.n <= INT_MAX &&
		    iterations <= INT_MAX &&
		    PKCS5_PBKDF2_HMAC(password.p, (int)password.n,
				      (const unsigned char *)salt.p, (int)salt.n,
				      (int)iterations, md, (int)n, out) == 1;

	EVP_MD_free(md);
	return result(good);
}

enum err
digest_hmac_sha384(struct str key, struct str bytes, unsigned char out[48])
{
	unsigned n = 0;

	return result(HMAC(EVP_sha384(), key.p, (int)key.n,
			   (const unsigned char *)bytes.p, bytes.n, out, &n) != NULL &&
		      n == 48);
}

enum err
digest_scrypt(struct str password, struct str salt, const int64_t n_r_p[3], size_t memory,
	      unsigned char *out, size_t n)
{
	return result(EVP_PBE_scrypt(password.p, password.n,
				     (const unsigned char *)salt.p, salt.n,
				     (uint64_t)n_r_p[0], (uint64_t)n_r_p[1],
				     (uint64_t)n_r_p[2], memory, out, n) == 1);
}
