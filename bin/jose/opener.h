/*
 * `jws verify` and `jwe decrypt`: a token on stdin, its content on stdout.
 */
#ifndef OPENER_H
#define OPENER_H

#include "base/buf.h"
#include "base/err.h"
#include "jose/header.h"
#include "jose/keyset/keyset.h"

/* What differs; `open` is jws_verify or jwe_decrypt. */
struct opener {
	enum keyset_purpose purpose;
	enum alg_use use;
	enum verdict (*open)(const struct keyset *set, struct str token, int64_t now,
			     struct header *h, struct buf *content,
			     enum jwt_refusal *refusal);
};

/* The whole action, with its options --keys FILE and --raw; the exit status. */
int opener_run(int argc, char **argv, const struct opener *opener);

#endif
