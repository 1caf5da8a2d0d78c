#include "crypto/start.h"

#include <openssl/crypto.h>

void
crypto_start(void)
{
	OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
}
