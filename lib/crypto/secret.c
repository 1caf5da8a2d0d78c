#include "crypto/secret.h"

#include <openssl/crypto.h>
#include <sys/stat.h>

#include "base/file.h"

#define PIECE 16 /* bytes; within a piece OpenSSL may compare whole words */

bool
secret_equal(struct str a, struct str b)
{
	size_t i = 0;
	int differ = 0;

	if (a.n != b.n)
		return false;
	for (; a.n - i >= PIECE; i += PIECE)
		differ |= CRYPTO_memcmp(a.p + i, b.p + i, PIECE);
	if (i < a.n)
		differ |= CRYPTO_memcmp(a.p + i, b.p + i, a.n - i);
	return differ == 0;
}

void
secret_wipe(void *p, size_t n)
{
	if (n > 0)
		OPENSSL_cleanse(p, n);
}

bool
secret_mode_is_open(mode_t mode)
{
	return (mode & (S_IROTH | S_IWOTH | S_IWGRP)) != 0;
}

enum err
secret_read_any(const char *path, size_t max, struct buf *out, mode_t *mode,
		struct why *why)
{
	struct stat st = { 0 };
	enum err e = file_read(path, max, out, &st, why);

	*mode = st.st_mode;
	return e;
}

enum err
secret_read_file(const char *path, size_t max, struct buf *out, struct why *why)
{
	size_t before = out->n;
	mode_t mode = 0;
	enum err e = secret_read_any(path, max, out, &mode, why);

	if (e != ERR_OK)
		return e;
	if (!secret_mode_is_open(mode))
		return ERR_OK;
	secret_wipe(out->p + before, out->n - before);
	out->n = before;
	return why_set(why, ERR_PERMISSION,
		       "%s: others can read or write it (mode %04o); chmod 0640 or 0600",
		       path, (unsigned)(mode & 07777));
}

enum err
secret_read_key(const char *path, struct buf *out, struct why *why)
{
	size_t before = out->n;
	enum err e = secret_read_file(path, SECRET_KEY_MAX, out, why);

	if (e == ERR_OK && out->n - before < SECRET_KEY_MIN)
		e = why_set(why, ERR_LIMIT, "%s: shorter than %d bytes", path,
			    SECRET_KEY_MIN);
	return e;
}
