/*
 * Preloaded into login.fcgi: what of a login is the hash of the password. After each,
 * one line on stderr: calls, CPU ns and wall ns in crypto_pwhash() and
 * crypto_pwhash_str_verify() so far.
 */
#include <dlfcn.h>
#include <stddef.h>
#include <stdio.h>
#include <time.h>

static long long calls, cpu, wall;

static long long
now(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void
add(long long cpu_before, long long wall_before)
{
	cpu += now(CLOCK_THREAD_CPUTIME_ID) - cpu_before;
	wall += now(CLOCK_MONOTONIC) - wall_before;
	calls++;
	dprintf(2, "hashtime %lld %lld %lld\n", calls, cpu, wall);
}

int
crypto_pwhash(unsigned char *out, unsigned long long out_n, const char *password,
	      unsigned long long n, const unsigned char *salt, unsigned long long passes,
	      size_t memory, int algorithm)
{
	static int (*real)(unsigned char *, unsigned long long, const char *,
			   unsigned long long, const unsigned char *, unsigned long long,
			   size_t, int);
	long long cpu_before, wall_before;
	int result;

	if (real == NULL)
		*(void **)&real = dlsym(RTLD_NEXT, "crypto_pwhash");
	cpu_before = now(CLOCK_THREAD_CPUTIME_ID);
	wall_before = now(CLOCK_MONOTONIC);
	result = real(out, out_n, password, n, salt, passes, memory, algorithm);
	add(cpu_before, wall_before);
	return result;
}

int
crypto_pwhash_str_verify(const char *hash, const char *password, unsigned long long n)
{
	static int (*real)(const char *, const char *, unsigned long long);
	long long cpu_before, wall_before;
	int result;

	if (real == NULL)
		*(void **)&real = dlsym(RTLD_NEXT, "crypto_pwhash_str_verify");
	cpu_before = now(CLOCK_THREAD_CPUTIME_ID);
	wall_before = now(CLOCK_MONOTONIC);
	result = real(hash, password, n);
	add(cpu_before, wall_before);
	return result;
}
