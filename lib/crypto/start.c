#include "crypto/start.h"

#include <openssl/crypto.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

/* Static, because OpenSSL's hooks get no argument from us. */
static bool lacked;

static void *
take(size_t n, const char *file, int line)
{
	void *p = malloc(n);

	(void)file;
	(void)line;
	lacked = lacked || p == NULL;
	return p;
}

static void *
take_again(void *p, size_t n, const char *file, int line)
{
	void *q = realloc(p, n);

	(void)file;
	(void)line;
	lacked = lacked || (q == NULL && n > 0);
	return q;
}

static void
give(void *p, const char *file, int line)
{
	(void)file;
	(void)line;
	free(p);
}

bool
crypto_lacked_memory(void)
{
	return lacked;
}

/*
 * If OpenSSL did not start properly, it does not always return an error later. It may
 * end the process with a signal in the middle of a request.
 */
static void
give_up(void)
{
	static const char text[] = "doorward: OpenSSL does not start: out of memory?\n";
	ssize_t written = write(STDERR_FILENO, text, sizeof(text) - 1);

	(void)written;
	_exit(2); /* of doorward, 1 would be an answer */
}

void
crypto_start(bool names)
{
	const uint64_t none_of_them =
		OPENSSL_INIT_NO_ADD_ALL_CIPHERS | OPENSSL_INIT_NO_ADD_ALL_DIGESTS |
		OPENSSL_INIT_NO_LOAD_CRYPTO_STRINGS | OPENSSL_INIT_NO_ATEXIT;
	static const struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_CORE, &none);
	if (CRYPTO_set_mem_functions(take, take_again, give) != 1 ||
	    OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG | (names ? 0 : none_of_them),
				NULL) != 1 ||
	    OSSL_LIB_CTX_get0_global_default() == NULL) /* otherwise it would be made
							 * later */
		give_up();
}
