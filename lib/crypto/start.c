#include "crypto/start.h"

#include <openssl/crypto.h>
#include <sys/resource.h>

void
crypto_start(bool names)
{
	const uint64_t none_of_them =
		OPENSSL_INIT_NO_ADD_ALL_CIPHERS | OPENSSL_INIT_NO_ADD_ALL_DIGESTS |
		OPENSSL_INIT_NO_LOAD_CRYPTO_STRINGS | OPENSSL_INIT_NO_ATEXIT;
	static const struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_CORE, &none);
	OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG | (names ? 0 : none_of_them),
			    NULL);
}
