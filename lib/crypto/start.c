#include "crypto/start.h"

#include <openssl/crypto.h>
#include <sys/resource.h>

void
crypto_start(void)
{
	static const struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_CORE, &none);
	OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
}
