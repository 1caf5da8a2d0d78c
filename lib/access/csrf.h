/*
 * Tokens for forms, against requests that other sites make a browser send. A token is a
 * ticket (ticket/ticket.h) of the time, sealed under the session secret and bound to what
 * the form is for and what the browser or the session is known by: nothing is stored, and
 * a token is worth nothing with another browser or another form.
 */
#ifndef CSRF_H
#define CSRF_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "ticket/ticket.h"

#define CSRF_LIFE TICKET_FORM_LIFE /* a form may be open for that many seconds */
#define CSRF_BINDING_MIN 16        /* bytes; less could be guessed */

/*
 * Append a token for the form `purpose` ("login") of the browser `binding` (the
 * value of its form cookie, or a sid). ERR_CRYPTO with too short a secret or
 * binding.
 */
enum err csrf_issue(struct str secret, const char *purpose, struct str binding,
		    int64_t now, struct buf *out);

/* VERDICT_ALLOW only for a token that csrf_issue made, CSRF_LIFE ago at most. */
enum verdict csrf_check(struct str secret, const char *purpose, struct str binding,
			int64_t now, struct str token);

/* Append a new random binding for a form cookie. */
enum err csrf_binding(struct buf *out);

/* Has that form: else the cookie is replaced by a new one. */
bool csrf_is_binding(struct str value);

#endif
