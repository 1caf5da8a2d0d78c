/*
 * Random bytes from OpenSSL's generator.
 */
#ifndef RANDOM_H
#define RANDOM_H

#include <stddef.h>

#include "base/err.h"

/* Fill `n` bytes at `p`. On an error they are zero and must not be used. */
enum err random_bytes(void *p, size_t n);

#endif
