/*
 * Preloaded into oauth.fcgi: what of an answer are its signatures. After each, one
 * line on stderr: calls and CPU ns in EVP_PKEY_sign() and EVP_DigestSign() so far.
 */
#include <dlfcn.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <time.h>

static long long calls, cpu;

static long long
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void
add(long long before)
{
	cpu += now() - before;
	calls++;
	dprintf(2, "signtime %lld %lld\n", calls, cpu);
}

int
EVP_PKEY_sign(EVP_PKEY_CTX *ctx, unsigned char *out, size_t *out_n,
	      const unsigned char *digest, size_t n)
{
	static int (*real)(EVP_PKEY_CTX *, unsigned char *, size_t *,
			   const unsigned char *, size_t);
	long long before;
	int result;

	if (real == NULL)
		*(void **)&real = dlsym(RTLD_NEXT, "EVP_PKEY_sign");
	before = now();
	result = real(ctx, out, out_n, digest, n);
	add(before);
	return result;
}

int
EVP_DigestSign(EVP_MD_CTX *ctx, unsigned char *out, size_t *out_n,
	       const unsigned char *text, size_t n)
{
	static int (*real)(EVP_MD_CTX *, unsigned char *, size_t *, const unsigned char *,
			   size_t);
	long long before;
	int result;

	if (real == NULL)
		*(void **)&real = dlsym(RTLD_NEXT, "EVP_DigestSign");
	before = now();
	result = real(ctx, out, out_n, text, n);
	add(before);
	return result;
}
