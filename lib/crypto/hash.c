#include "crypto/hash.h"

#include <openssl/err.h>
#include <openssl/evp.h>

enum err
sha256(struct str bytes, unsigned char out[SHA256_SIZE])
{
	static EVP_MD *md; /* fetched once, because fetching costs more than hashing */
	unsigned n = 0;

	if (md == NULL)
		md = EVP_MD_fetch(NULL, "SHA256", NULL);
	if (md != NULL && EVP_Digest(bytes.p, bytes.n, out, &n, md, NULL) == 1 &&
	    n == SHA256_SIZE)
		return ERR_OK;
	ERR_clear_error();
	return ERR_CRYPTO;
}
