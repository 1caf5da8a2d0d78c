#include <openssl/core_names.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include "jose/jwe/jwe_wrap.h"

#define OTHER_INFO_MAX 4096

static bool
add_uint32(struct buf *b, size_t n)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		buf_addc(b, (char)(n >> shift & 0xff));
	return !b->failed;
}

static bool
add_counted(struct buf *b, struct str s)
{
	return add_uint32(b, s.n) && buf_add(b, s);
}

enum err
jwe_concat_kdf(struct str secret, struct str algorithm, struct str apu, struct str apv,
	       unsigned char *key, size_t key_size)
{
	EVP_KDF *kdf = EVP_KDF_fetch(NULL, "SSKDF", NULL);
	EVP_KDF_CTX *c = kdf == NULL ? NULL : EVP_KDF_CTX_new(kdf);
	OSSL_PARAM params[4];
	char digest[] = "SHA256";
	struct buf info;
	enum err e = ERR_CRYPTO;

	buf_init(&info, OTHER_INFO_MAX);
	add_counted(&info, algorithm);
	add_counted(&info, apu);
	add_counted(&info, apv);
	if (!add_uint32(&info, key_size * 8)) {
		e = ERR_LIMIT;
		goto out;
	}
	params[0] = OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0);
	params[1] = OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SECRET,
						      (void *)secret.p, secret.n);
	params[2] =
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info.p, info.n);
	params[3] = OSSL_PARAM_construct_end();
	if (c != NULL && EVP_KDF_derive(c, key, key_size, params) == 1)
		e = ERR_OK;
out:
	EVP_KDF_CTX_free(c);
	EVP_KDF_free(kdf);
	buf_done(&info);
	return e;
}
