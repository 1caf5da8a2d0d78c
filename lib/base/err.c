#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>

const char *
err_text(enum err e)
{
	switch (e) {
	case ERR_OK:
		return "ok";
	case ERR_MEMORY:
		return "out of memory";
	case ERR_LIMIT:
		return "too long, too deep or too many";
	case ERR_SYNTAX:
		return "malformed";
	case ERR_NOT_FOUND:
		return "not found";
	case ERR_EXISTS:
		return "exists already";
	case ERR_PERMISSION:
		return "permission refused";
	case ERR_UNSUPPORTED:
		return "not supported";
	case ERR_IO:
		return "input or output failed";
	case ERR_CRYPTO:
		return "cryptographic operation failed";
	case ERR_DATABASE:
		return "database unavailable";
	case ERR_SCHEMA:
		return "database schema does not match";
	case ERR_BUSY:
		return "busy";
	case ERR_CLOCK:
		return "clock is wrong";
	}
	return "unknown error";
}

enum err
why_set(struct why *why, enum err e, const char *format, ...)
{
	va_list ap;

	if (why == NULL)
		return e;
	va_start(ap, format);
	vsnprintf(why->text, sizeof(why->text), format, ap);
	va_end(ap);
	return e;
}
