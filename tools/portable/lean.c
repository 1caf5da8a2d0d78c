/*
 * Linked into the programs that only verify, in place of OpenSSL's functions of the
 * same names: crypto_start(false) has switched those off, so they would never do
 * anything, but what they point to (every cipher and digest in its older form, the
 * texts of all errors) would be part of the program, with addresses to relocate at
 * each start.
 */
void __wrap_openssl_add_all_ciphers_int(void);
void __wrap_openssl_add_all_digests_int(void);
int __wrap_ossl_err_load_crypto_strings(void);

void
__wrap_openssl_add_all_ciphers_int(void)
{
}

void
__wrap_openssl_add_all_digests_int(void)
{
}

int
__wrap_ossl_err_load_crypto_strings(void)
{
	return 1;
}
