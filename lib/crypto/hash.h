/*
 * SHA-256.
 */
#ifndef HASH_H
#define HASH_H

#include "base/err.h"
#include "base/str.h"

#define SHA256_SIZE 32

enum err sha256(struct str bytes, unsigned char out[SHA256_SIZE]);

#endif
