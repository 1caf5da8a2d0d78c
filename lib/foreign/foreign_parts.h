/* The kinds, and the digests of OpenSSL that they are made of. */
#ifndef FOREIGN_PARTS_H
#define FOREIGN_PARTS_H

#include "foreign/foreign.h"

extern const struct foreign_kind foreign_phpass, foreign_wordpress, foreign_pbkdf2,
	foreign_scrypt, foreign_bcrypt_sha256, foreign_apr1, foreign_ldap;

#define DIGEST_MAX 64

/* A digest over several pieces, begun anew after each end. */
struct digest;

enum err digest_open(struct digest **d, const char *name); /* MD5, SHA1, SHA256 */
void digest_close(struct digest *d);                       /* NULL is allowed */
enum err digest_begin(struct digest *d);
enum err digest_add(struct digest *d, struct str bytes);
enum err digest_end(struct digest *d, unsigned char out[DIGEST_MAX]);

/* PBKDF2-HMAC with that digest. */
enum err digest_pbkdf2(const char *name, struct str password, struct str salt,
		       int64_t iterations, unsigned char *out, size_t n);

/* HMAC-SHA-384 of `bytes`. */
enum err digest_hmac_sha384(struct str key, struct str bytes, unsigned char out[48]);

/* scrypt (RFC 7914), in at most `memory` bytes. */
enum err digest_scrypt(struct str password, struct str salt, const int64_t n_r_p[3],
		       size_t memory, unsigned char *out, size_t n);

/* True if all of `s` is in the alphabet ./0-9A-Za-z of crypt(3). */
bool foreign_is_itoa64(struct str s);

#endif
