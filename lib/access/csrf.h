/*
 * Tokens for forms, against requests that other sites make a browser send. A token is
 * a ticket (ticket/ticket.h) of the time, sealed under the session secret and bound to
 * the purpose of the form and to the browser or the session. Nothing is stored. A
 * token is worthless with another browser or another form.
 */
#ifndef CSRF_H
#define CSRF_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "ticket/ticket.h"

#define CSRF_LIFE TICKET_FORM_LIFE /* a form may be open for so many seconds */
#define CSRF_BINDING_MIN 16        /* bytes; less could be guessed */

/*
 * Append a token for the form `purpose` ("login") of the browser `binding` (the
 * value of its form cookie, or a sid). ERR_CRYPTO with too short a secret or
 * binding.
 */
enum err csrf_issue(struct str secret, const char *purpose, struct str binding,
		    int64_t now, struct buf *out);

/* VERDICT_ALLOW only for a token that csrf_issue made at most CSRF_LIFE ago. */
enum verdict csrf_check(struct str secret, const char *purpose, struct str binding,
			int64_t now, struct str token);

/* Append a new random binding for a form cookie. */
enum err csrf_binding(struct buf *out);

/* True if it has that form. Otherwise the cookie must be replaced. */
bool csrf_is_binding(struct str value);

#endif
