#include "crypto/random.h"

#include <limits.h>
#include <openssl/err.h>
#include <openssl/rand.h>
#include <string.h>

enum err
random_bytes(void *p, size_t n)
{
	if (n <= INT_MAX && RAND_bytes(p, (int)n) == 1)
		return ERR_OK;
	ERR_clear_error();
	memset(p, 0, n);
	return ERR_CRYPTO;
}
