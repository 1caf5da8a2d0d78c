/* Errors: the work could not be done. A refusal is not an error; see verdict. */
#ifndef ERR_H
#define ERR_H

#include <stddef.h>

enum err {
	ERR_OK = 0,
	ERR_MEMORY,      /* no memory left, or the limit of a buffer is reached */
	ERR_LIMIT,       /* an input is longer, deeper or more than allowed */
	ERR_SYNTAX,      /* an input does not have the required form */
	ERR_NOT_FOUND,   /* the named file, key or row does not exist */
	ERR_EXISTS,      /* it already exists */
	ERR_PERMISSION,  /* others can read a secret, or access was refused */
	ERR_UNSUPPORTED, /* the form is valid, but the algorithm is not supported */
	ERR_IO,          /* the operating system refused; see errno in the reason */
	ERR_CRYPTO,      /* OpenSSL, libsodium or libxcrypt refused */
	ERR_DATABASE,    /* PostgreSQL refused, cannot be reached, or took too long */
	ERR_SCHEMA,      /* the schema of the database is newer or older than ours */
	ERR_BUSY,        /* a limited resource is in use; try again later */
	ERR_CLOCK        /* the system's clock is not set, or was set back */
};

/*
 * What was decided about a request or a token. Zero denies, so an uninitialised
 * verdict denies.
 */
enum verdict { VERDICT_DENY = 0, VERDICT_ALLOW = 1 };

/* A reason for the operator: file, line, mistake. It never contains a secret. */
struct why {
	char text[512];
};

/* A short English phrase for `e`. A static string. */
const char *err_text(enum err e);

/*
 * Store the reason, cut to the size of `text`, and return `e`. So a function can write
 * `return why_set(why, ERR_SYNTAX, "%s:%u: …", …);`. `why` may be NULL.
 */
enum err why_set(struct why *why, enum err e, const char *format, ...)
	__attribute__((__format__(__printf__, 3, 4)));

#endif
