/*
 * Errors: the work could not be done. A refusal is not an error; see verdict.
 */
#ifndef ERR_H
#define ERR_H

#include <stddef.h>

enum err {
	ERR_OK = 0,
	ERR_MEMORY,      /* no memory left, or a buffer's ceiling reached */
	ERR_LIMIT,       /* an input is longer, deeper or more than allowed */
	ERR_SYNTAX,      /* an input is not of the form it must have */
	ERR_NOT_FOUND,   /* the named file, key or row does not exist */
	ERR_EXISTS,      /* it exists already */
	ERR_PERMISSION,  /* a secret that others can read, or access refused */
	ERR_UNSUPPORTED, /* valid form, but an algorithm that is not offered */
	ERR_IO,          /* the operating system refused; see errno in the reason */
	ERR_CRYPTO,      /* OpenSSL, libsodium or libxcrypt refused */
	ERR_DATABASE,    /* PostgreSQL refused, is away or timed out */
	ERR_SCHEMA,      /* the database's schema is newer or older than ours */
	ERR_BUSY,        /* a bounded resource is taken; try again later */
	ERR_CLOCK        /* the system's clock is unset or went backwards */
};

/*
 * What was decided about a request or a token. Zero denies, so that a verdict
 * nobody set lets nobody in.
 */
enum verdict { VERDICT_DENY = 0, VERDICT_ALLOW = 1 };

/* A reason for the operator: file, line, what is wrong. Never holds a secret. */
struct why {
	char text[512];
};

/* A short English phrase for `e`; a static string. */
const char *err_text(enum err e);

/*
 * Store the reason, cut at the size of `text`, and return `e`, so that a
 * function can say `return why_set(why, ERR_SYNTAX, "%s:%u: …", …);`.
 * `why` may be NULL.
 */
enum err why_set(struct why *why, enum err e, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
